\connect shop
ALTER SCHEMA svc_a OWNER TO svc_b_ddl;
