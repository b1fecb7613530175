\connect shop svc_a_migrate
CREATE FUNCTION svc_a.step(int, int) RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = svc_a, pg_temp
AS $$ UPDATE svc_a.t SET n = n + $2; SELECT $1; $$;
REVOKE EXECUTE ON FUNCTION svc_a.step(int, int) FROM PUBLIC, svc_a_dml;
CREATE AGGREGATE svc_a.total(int) (sfunc = svc_a.step, stype = int, initcond = '0');
GRANT EXECUTE ON FUNCTION svc_a.total(int) TO svc_b_dml;
GRANT USAGE ON SCHEMA svc_a TO svc_b_dml;
