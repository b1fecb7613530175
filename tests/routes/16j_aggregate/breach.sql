\connect shop
CREATE AGGREGATE svc_a.total(int) (sfunc = svc_b.step, stype = int, initcond = '0');
ALTER AGGREGATE svc_a.total(int) OWNER TO svc_a_ddl;
GRANT EXECUTE ON FUNCTION svc_b.step(int, int) TO svc_a_ddl;
GRANT EXECUTE ON FUNCTION svc_a.total(int) TO svc_a_dml;
