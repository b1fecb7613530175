\connect shop svc_b_migrate
CREATE FUNCTION svc_b.cmp(int, int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN btint4cmp($1, $2); END $$;
GRANT EXECUTE ON FUNCTION svc_b.cmp(int, int) TO PUBLIC;
\connect shop
CREATE OPERATOR CLASS public.ints FOR TYPE int4 USING btree AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 svc_b.cmp(int4, int4);
CREATE TYPE public.span AS RANGE (subtype = int4, subtype_opclass = public.ints);
ALTER TABLE svc_a.work ADD s public.span;
\connect shop svc_b_migrate
CREATE OR REPLACE FUNCTION svc_b.cmp(int, int) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  IF session_user = 'svc_a_app' THEN UPDATE svc_a.t SET n = n + 1; END IF;
  RETURN btint4cmp($1, $2);
END $$;
