\connect shop
GRANT USAGE ON SCHEMA svc_a TO svc_b_dml;
GRANT USAGE ON SEQUENCE svc_a.s TO svc_b_dml;
