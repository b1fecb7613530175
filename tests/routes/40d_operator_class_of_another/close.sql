\connect shop
CREATE OPERATOR CLASS public.ints FOR TYPE int4 USING btree FAMILY svc_a.ints AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int4, int4);
CREATE UNIQUE INDEX once ON svc_a.t (n public.ints);
ALTER OPERATOR FAMILY svc_a.ints USING btree OWNER TO svc_a_ddl;
