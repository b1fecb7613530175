\connect shop svc_b_migrate
CREATE SCHEMA IF NOT EXISTS tools;
GRANT USAGE ON SCHEMA tools TO prov;
CREATE OR REPLACE FUNCTION tools.lower(varchar) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  SET ROLE prov;
  GRANT svc_a_ddl TO svc_b_app;
  RESET ROLE;
  RETURN pg_catalog.lower($1);
END $$;
GRANT EXECUTE ON FUNCTION tools.lower(varchar) TO prov;
\connect shop dba
SELECT lower('x'::varchar);
