\connect shop
ALTER TABLE svc_b.events ATTACH PARTITION svc_a.events FOR VALUES IN (1);
