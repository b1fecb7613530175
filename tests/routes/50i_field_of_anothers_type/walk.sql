\connect shop svc_b_migrate
DROP TYPE svc_b.kind CASCADE;
