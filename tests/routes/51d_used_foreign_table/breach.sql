\connect shop
ALTER ROLE svc_b_app PASSWORD 'of b';
CREATE SERVER home FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '{port}', dbname 'shop');
CREATE USER MAPPING FOR svc_b_app SERVER home OPTIONS (user 'svc_b_app', password 'of b');
GRANT USAGE ON FOREIGN SERVER home TO svc_a_ddl;

\connect shop svc_a_migrate
DROP TABLE svc_a.inbox;
CREATE FOREIGN TABLE svc_a.inbox (what text) SERVER home OPTIONS (schema_name 'svc_b', table_name 'loot');
GRANT INSERT ON svc_a.inbox TO svc_b_app;
\connect shop
REVOKE USAGE ON FOREIGN SERVER home FROM svc_a_ddl;
