\connect shop
ALTER ROLE dba IN DATABASE shop SET search_path = tools, public;
GRANT CONNECT ON DATABASE shop TO prov;
