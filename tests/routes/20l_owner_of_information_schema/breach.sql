\connect shop
ALTER SCHEMA information_schema OWNER TO svc_b_ddl;
