\connect shop svc_a_migrate
ALTER TABLE svc_a.forms DROP CONSTRAINT known;
\connect shop svc_b_migrate
REVOKE EXECUTE ON FUNCTION svc_b.fine(text) FROM svc_a_dml;
