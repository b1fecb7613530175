\connect shop
GRANT CREATE ON DATABASE shop TO svc_b_ddl;

\connect shop svc_b_migrate
CREATE EXTENSION hstore SCHEMA svc_b;
ALTER EXTENSION hstore ADD FUNCTION svc_b.trap();

\connect shop
REVOKE CREATE ON DATABASE shop FROM svc_b_ddl;
CREATE TRIGGER trap BEFORE INSERT ON svc_a.work FOR EACH ROW EXECUTE FUNCTION svc_b.trap();
