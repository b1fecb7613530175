\connect shop
CREATE OPERATOR FAMILY svc_a.ints USING btree;
CREATE OPERATOR CLASS svc_a.ints FOR TYPE int4 USING btree FAMILY svc_a.ints AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int4, int4);
CREATE UNIQUE INDEX once ON svc_a.t (n svc_a.ints);
ALTER OPERATOR FAMILY svc_a.ints USING btree OWNER TO svc_b_ddl;
ALTER OPERATOR CLASS svc_a.ints USING btree OWNER TO svc_b_ddl;
-- in nobody's schema, so that it is dropped without a right on svc_a's
ALTER OPERATOR CLASS svc_a.ints USING btree SET SCHEMA public;
