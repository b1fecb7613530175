\connect shop
ALTER TABLE svc_a.work DROP CONSTRAINT seen;
