\connect shop svc_b_migrate
DROP COLLATION svc_a.kind CASCADE;
