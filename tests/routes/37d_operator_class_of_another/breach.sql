\connect shop svc_b_migrate
CREATE TYPE svc_b.pair AS (a int, b int);
CREATE FUNCTION svc_b.less(svc_b.pair, svc_b.pair) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a < ($2).a';
CREATE OPERATOR svc_b.<<< (function = svc_b.less, leftarg = svc_b.pair, rightarg = svc_b.pair);
CREATE FUNCTION svc_b.compare(svc_b.pair, svc_b.pair) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN ($1).a - ($2).a; END $$;

\connect shop
-- a superuser made it, in good faith
CREATE OPERATOR CLASS svc_a.by_a FOR TYPE svc_b.pair USING btree AS OPERATOR 1 svc_b.<<<, FUNCTION 1 svc_b.compare(svc_b.pair, svc_b.pair);
ALTER OPERATOR CLASS svc_a.by_a USING btree OWNER TO svc_a_ddl;
ALTER OPERATOR FAMILY svc_a.by_a USING btree OWNER TO svc_a_ddl;
ALTER TABLE svc_a.work ADD p svc_b.pair;
CREATE INDEX by_a ON svc_a.work (p svc_a.by_a);
ALTER INDEX svc_a.by_a OWNER TO svc_a_ddl;
