\connect shop svc_a_migrate
GRANT USAGE ON SCHEMA svc_a TO svc_b_dml;
ALTER DEFAULT PRIVILEGES IN SCHEMA svc_a GRANT INSERT ON TABLES TO svc_b_dml;
