\connect shop
ALTER ROLE svc_a_ddl LOGIN;
