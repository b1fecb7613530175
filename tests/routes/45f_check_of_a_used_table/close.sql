\connect shop svc_b_migrate
ALTER TABLE svc_b.inbox DROP CONSTRAINT seen, ADD CHECK (id > 0);
