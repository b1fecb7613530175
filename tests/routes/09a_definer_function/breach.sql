\connect shop svc_a_migrate
CREATE FUNCTION svc_a.bump() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = svc_a, pg_temp
AS $$ UPDATE svc_a.t SET n = n + 1; $$;
GRANT EXECUTE ON FUNCTION svc_a.bump() TO PUBLIC;
GRANT USAGE ON SCHEMA svc_a TO svc_b_dml;
