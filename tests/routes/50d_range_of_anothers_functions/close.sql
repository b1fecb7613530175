\connect shop
ALTER TABLE svc_a.work DROP s;
ALTER TABLE svc_a.work ADD s int;
DROP TYPE public.span;
DROP OPERATOR FAMILY public.ints USING btree CASCADE;
\connect shop svc_b_migrate
REVOKE EXECUTE ON FUNCTION svc_b.cmp(int, int) FROM PUBLIC;
