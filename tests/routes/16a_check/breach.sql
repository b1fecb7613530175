\connect shop
ALTER TABLE svc_a.work ADD CONSTRAINT seen CHECK (svc_b.seen(id) IS NOT NULL);
