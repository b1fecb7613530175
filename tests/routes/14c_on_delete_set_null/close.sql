\connect shop
ALTER TABLE svc_a.kid DROP CONSTRAINT to_parent;
