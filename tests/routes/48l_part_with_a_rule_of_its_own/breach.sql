\connect shop svc_a_migrate
ALTER TABLE svc_a.t ATTACH PARTITION svc_a.old FOR VALUES FROM (0) TO (10);
