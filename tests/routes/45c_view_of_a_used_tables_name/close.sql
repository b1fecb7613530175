\connect shop svc_b_migrate
CREATE OR REPLACE VIEW svc_b.inbox AS SELECT *, NULL::xml AS more FROM svc_b.inbox_rows;
REVOKE SELECT ON svc_b.inbox_rows FROM svc_a_dml;
