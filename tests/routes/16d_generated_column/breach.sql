\connect shop
ALTER TABLE svc_a.work ADD seen int GENERATED ALWAYS AS (svc_b.seen(id)) STORED;
