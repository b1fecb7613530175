\connect shop
GRANT CREATE ON DATABASE shop TO svc_b_ddl;
GRANT CREATE ON SCHEMA public TO svc_b_ddl;
\connect shop svc_b_migrate
CREATE EXTENSION citext SCHEMA public;
\connect shop
REVOKE CREATE ON DATABASE shop FROM svc_b_ddl;
REVOKE CREATE ON SCHEMA public FROM svc_b_ddl;
ALTER TABLE svc_a.t ADD mail public.citext;
