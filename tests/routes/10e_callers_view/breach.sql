\from 15
\connect shop svc_a_migrate
-- svc_b could use the schema once, and made a view then; the USAGE was taken back, the right on the table wasn't
GRANT USAGE ON SCHEMA svc_a TO svc_b_ddl;
GRANT SELECT ON svc_a.t TO svc_b_ddl, svc_b_dml;

\connect shop svc_b_migrate
CREATE VIEW svc_b.v WITH (security_invoker) AS SELECT * FROM svc_a.t;

\connect shop svc_a_migrate
REVOKE USAGE ON SCHEMA svc_a FROM svc_b_ddl;
REVOKE SELECT ON svc_a.t FROM svc_b_ddl;
\end
