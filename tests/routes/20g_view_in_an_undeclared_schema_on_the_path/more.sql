\connect shop
CREATE SCHEMA legacy;
GRANT USAGE ON SCHEMA legacy TO svc_a_app;
