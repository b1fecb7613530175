\connect shop
CREATE SCHEMA svc_a_ddl AUTHORIZATION svc_b_ddl;
GRANT USAGE ON SCHEMA svc_a_ddl TO svc_a_ddl;
