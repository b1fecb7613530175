\connect shop svc_b_migrate
DROP COLLATION public.kind CASCADE;
