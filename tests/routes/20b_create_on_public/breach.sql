\connect shop
GRANT CREATE ON SCHEMA public TO svc_b_dml;
