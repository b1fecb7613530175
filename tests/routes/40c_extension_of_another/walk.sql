\connect shop svc_b_migrate
DROP EXTENSION citext CASCADE;
