\connect shop svc_a_migrate
CREATE TYPE svc_a.pair AS (a int, b int);
CREATE FUNCTION svc_a.less(svc_a.pair, svc_a.pair) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a < ($2).a';
CREATE OPERATOR svc_a.<<< (function = svc_a.less, leftarg = svc_a.pair, rightarg = svc_a.pair);
CREATE FUNCTION svc_a.compare(svc_a.pair, svc_a.pair) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = svc_a, pg_temp AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN ($1).a - ($2).a;
END $$;


\connect shop
-- only a superuser makes an operator class
ALTER OPERATOR svc_a.<<< (svc_a.pair, svc_a.pair) OWNER TO svc_a_ddl;
CREATE OPERATOR CLASS svc_a.by_a FOR TYPE svc_a.pair USING btree AS OPERATOR 1 svc_a.<<<, FUNCTION 1 svc_a.compare(svc_a.pair, svc_a.pair);
ALTER OPERATOR CLASS svc_a.by_a USING btree OWNER TO svc_a_ddl;
ALTER OPERATOR FAMILY svc_a.by_a USING btree OWNER TO svc_a_ddl;
