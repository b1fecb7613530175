\connect shop
ALTER ROLE svc_a_app PASSWORD 'of a';
ALTER ROLE svc_b_app PASSWORD 'of b';
CREATE SERVER home FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '{port}', dbname 'shop');
CREATE USER MAPPING FOR PUBLIC SERVER home OPTIONS (user 'svc_a_app', password 'of a');
CREATE USER MAPPING FOR svc_b_app SERVER home OPTIONS (user 'svc_b_app', password 'of b');
CREATE FOREIGN TABLE svc_b.far (id int, n int, note varchar) SERVER home OPTIONS (schema_name 'svc_a', table_name 't');
ALTER FOREIGN TABLE svc_b.far OWNER TO svc_b_ddl;
GRANT SELECT, UPDATE ON svc_b.far TO svc_b_dml;
