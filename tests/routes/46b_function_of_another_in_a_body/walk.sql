\connect shop svc_b_migrate
CREATE OR REPLACE FUNCTION svc_b.seen(int) RETURNS int LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN $1;
END $$;

\connect shop svc_a_app
SELECT svc_a.look(1);
