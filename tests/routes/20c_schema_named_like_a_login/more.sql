\connect shop
CREATE SCHEMA svc_a_app AUTHORIZATION svc_b_ddl;
