\connect shop svc_b_migrate
CREATE OR REPLACE FUNCTION svc_b.lower(varchar) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN pg_catalog.lower($1);
END $$;
\connect shop svc_b_app
SELECT tools.tell('x');
