\from 15
\connect shop svc_a_migrate
GRANT USAGE ON SCHEMA svc_a TO svc_b_ddl;
\connect shop svc_b_migrate
DROP VIEW svc_b.inbox;
CREATE VIEW svc_b.inbox WITH (security_invoker) AS SELECT id, n FROM svc_a.t;
GRANT SELECT, UPDATE ON svc_b.inbox TO svc_a_dml;
\connect shop svc_a_migrate
REVOKE USAGE ON SCHEMA svc_a FROM svc_b_ddl;
\end
