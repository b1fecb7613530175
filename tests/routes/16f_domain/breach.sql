\connect shop
ALTER TABLE svc_a.work ADD seen svc_b.number;
