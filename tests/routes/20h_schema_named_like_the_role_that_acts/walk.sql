\connect shop svc_b_migrate
CREATE OR REPLACE FUNCTION svc_a_ddl.length(varchar) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN 0;
END $$;
GRANT EXECUTE ON FUNCTION svc_a_ddl.length(varchar) TO PUBLIC;

\connect shop svc_a_migrate
SELECT length(note) FROM svc_a.t;
