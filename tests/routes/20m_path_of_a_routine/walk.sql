\connect shop svc_b_migrate
CREATE OR REPLACE FUNCTION legacy.length(varchar) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN 0;
END $$;
GRANT EXECUTE ON FUNCTION legacy.length(varchar) TO PUBLIC;

\connect shop svc_a_app
SELECT svc_a.f();
