\connect shop
GRANT USAGE ON SCHEMA svc_b TO svc_a_app;
ALTER ROLE svc_a_app IN DATABASE shop SET search_path = svc_b, pg_catalog;
