\connect shop
GRANT CREATE ON DATABASE shop TO svc_b_ddl;
