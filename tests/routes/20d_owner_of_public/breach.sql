\connect shop
ALTER SCHEMA public OWNER TO svc_b_ddl;
