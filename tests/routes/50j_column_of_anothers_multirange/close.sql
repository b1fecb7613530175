\connect shop
ALTER TABLE svc_a.t DROP COLUMN IF EXISTS spans;
