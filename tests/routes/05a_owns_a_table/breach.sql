\connect shop
GRANT USAGE ON SCHEMA svc_a TO svc_b_ddl;
ALTER TABLE svc_a.t OWNER TO svc_b_ddl;
