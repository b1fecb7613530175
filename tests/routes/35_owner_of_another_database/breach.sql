\connect shop
CREATE ROLE stranger LOGIN;
CREATE DATABASE own OWNER stranger;
GRANT CONNECT ON DATABASE shop TO pg_database_owner WITH GRANT OPTION;
