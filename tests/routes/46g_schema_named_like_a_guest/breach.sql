\connect shop svc_b_migrate
CREATE SCHEMA metabase;
GRANT USAGE ON SCHEMA metabase TO PUBLIC;
CREATE FUNCTION metabase.lower(varchar) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN pg_catalog.lower($1);
END $$;
GRANT EXECUTE ON FUNCTION metabase.lower(varchar) TO PUBLIC;
