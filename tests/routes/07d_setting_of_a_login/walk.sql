\connect shop svc_b_migrate
CREATE OR REPLACE FUNCTION svc_b.lower(text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN $1;
END $$;
GRANT EXECUTE ON FUNCTION svc_b.lower(text) TO PUBLIC;

\connect shop svc_a_app
SELECT lower('X');
