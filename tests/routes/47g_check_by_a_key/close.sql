\connect shop svc_a_migrate
ALTER TABLE svc_a.lines DROP CONSTRAINT c;
