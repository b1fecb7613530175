\connect shop svc_b_migrate
CREATE SCHEMA public;
GRANT USAGE ON SCHEMA public TO PUBLIC;
CREATE FUNCTION public.length(varchar) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN 0;
END $$;
GRANT EXECUTE ON FUNCTION public.length(varchar) TO PUBLIC;

\connect shop svc_a_app
SELECT length(note) FROM svc_a.t;
