\connect shop svc_b_migrate
CREATE EXTENSION postgres_fdw;
