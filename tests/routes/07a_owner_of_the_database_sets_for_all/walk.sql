\connect shop svc_b_migrate
CREATE OR REPLACE FUNCTION svc_b.lower(text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN $1;
END $$;
ALTER DATABASE shop SET search_path = svc_b, pg_catalog;

\connect shop
SELECT lower('X');
