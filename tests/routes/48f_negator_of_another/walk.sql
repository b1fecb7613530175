\connect shop svc_b_migrate
CREATE OR REPLACE FUNCTION svc_b.differs(int, int) RETURNS bool LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN $1 <> $2;
END $$;

\connect shop svc_a_app
SELECT count(*) FROM svc_a.work WHERE NOT (id OPERATOR(svc_a.===) 3);
