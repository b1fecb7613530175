\from 15
\connect shop svc_a_migrate
-- what everybody has, but nobody can name without the use of the schema
GRANT SELECT, UPDATE ON svc_a.t TO PUBLIC;
GRANT USAGE ON SCHEMA svc_a TO svc_b_ddl;

\connect shop svc_b_migrate
CREATE VIEW svc_b.inner WITH (security_invoker) AS SELECT * FROM svc_a.t;
CREATE VIEW svc_b.v AS SELECT * FROM svc_b.inner;
REVOKE ALL ON svc_b.inner FROM svc_b_dml, svc_b_ro;

\connect shop svc_a_migrate
REVOKE USAGE ON SCHEMA svc_a FROM svc_b_ddl;
\end
