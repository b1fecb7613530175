\connect shop
ALTER ROLE svc_a_app PASSWORD 'of a';
CREATE SERVER home FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '{port}', dbname 'shop');
GRANT USAGE ON FOREIGN SERVER home TO svc_b_ddl;
