\connect shop svc_b_migrate
CREATE OR REPLACE VIEW svc_b.inbox WITH (security_invoker = false) AS SELECT id, n FROM svc_b.rows;
