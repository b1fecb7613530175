\connect shop
ALTER ROLE svc_a_app PASSWORD 'of a';
CREATE SERVER home FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '{port}', dbname 'shop');
CREATE USER MAPPING FOR svc_b_app SERVER home OPTIONS (user 'svc_a_app', password 'of a');
GRANT USAGE ON FOREIGN SERVER home TO svc_b_ddl;

\connect shop svc_b_migrate
CREATE FOREIGN TABLE svc_b.far (id int, n int, note varchar) SERVER home OPTIONS (schema_name 'svc_a', table_name 't');
