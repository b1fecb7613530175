\connect shop
GRANT CREATE ON SCHEMA legacy TO svc_b_dml;
