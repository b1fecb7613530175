\connect shop
CREATE FUNCTION svc_a.look(i int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT svc_b.seen(i); END;
ALTER FUNCTION svc_a.look(int) OWNER TO svc_a_ddl;
GRANT EXECUTE ON FUNCTION svc_a.look(int) TO svc_a_dml;
