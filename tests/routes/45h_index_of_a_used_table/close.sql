\connect shop svc_b_migrate
DROP FUNCTION svc_b.bump CASCADE;
CREATE INDEX ON svc_b.inbox (lower(note));
