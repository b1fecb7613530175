\connect shop
DROP AGGREGATE svc_a.total(int);
CREATE AGGREGATE svc_a.total(int) (sfunc = int4pl, stype = int, initcond = '0');
ALTER AGGREGATE svc_a.total(int) OWNER TO svc_a_ddl;
GRANT EXECUTE ON FUNCTION svc_a.total(int) TO svc_a_dml;
REVOKE EXECUTE ON FUNCTION svc_b.step(int, int) FROM svc_a_ddl;
REVOKE EXECUTE ON FUNCTION svc_a.total(int) FROM PUBLIC;
