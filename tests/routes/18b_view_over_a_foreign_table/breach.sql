\connect shop
ALTER ROLE svc_a_app PASSWORD 'of a';
CREATE SERVER home FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '{port}', dbname 'shop');
CREATE USER MAPPING FOR svc_a_ddl SERVER home OPTIONS (user 'svc_a_app', password 'of a');
GRANT USAGE ON FOREIGN SERVER home TO svc_a_ddl;

\connect shop svc_a_migrate
CREATE FOREIGN TABLE svc_a.far (id int, n int, note varchar) SERVER home OPTIONS (schema_name 'svc_a', table_name 't');
CREATE VIEW svc_a.v AS SELECT * FROM svc_a.far;
GRANT USAGE ON SCHEMA svc_a TO svc_b_dml;
GRANT SELECT, UPDATE ON svc_a.v TO svc_b_dml;
