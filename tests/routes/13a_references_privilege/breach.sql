\connect shop
GRANT USAGE ON SCHEMA svc_a TO svc_b_ddl;
GRANT REFERENCES ON svc_a.t TO svc_b_ddl;
