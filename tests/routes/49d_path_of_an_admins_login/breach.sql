\connect shop
ALTER ROLE dba IN DATABASE shop SET search_path = svc_b, public;
GRANT CONNECT ON DATABASE shop TO prov;
\connect shop svc_b_migrate
GRANT USAGE ON SCHEMA svc_b TO prov;
CREATE FUNCTION svc_b.lower(varchar) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  SET ROLE prov;
  GRANT svc_a_ddl TO svc_b_app;
  RESET ROLE;
  RETURN pg_catalog.lower($1);
END $$;
GRANT EXECUTE ON FUNCTION svc_b.lower(varchar) TO prov;
