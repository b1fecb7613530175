-- as an earlier layout made it
CREATE ROLE legacy_ddl;
CREATE ROLE legacy_dml;
CREATE ROLE legacy_ro;
CREATE ROLE legacy_app LOGIN;
CREATE ROLE legacy_worker;
CREATE ROLE legacy_worker_a LOGIN;
CREATE ROLE legacy_migrate LOGIN CONNECTION LIMIT 2;
-- a member by another name, and a name without a membership: neither is a login of the service
CREATE ROLE legacy_stranger LOGIN;
GRANT legacy_ddl TO legacy_migrate;
GRANT legacy_dml TO legacy_app, legacy_worker;
GRANT legacy_worker TO legacy_worker_a;
GRANT legacy_ro TO bob, orders_app;
GRANT orders_ro TO legacy_dml;
CREATE DATABASE legacy;
REVOKE ALL ON DATABASE legacy FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE legacy TO legacy_ddl, legacy_dml, legacy_ro;
ALTER ROLE legacy_migrate IN DATABASE legacy SET role = 'legacy_ddl';
ALTER ROLE legacy_app SET statement_timeout = '30s';
\connect legacy
CREATE SCHEMA legacy AUTHORIZATION legacy_ddl;
SET ROLE legacy_ddl;
CREATE TABLE legacy.old (id int PRIMARY KEY, note text);
CREATE VIEW legacy.seen AS SELECT id FROM legacy.old;
GRANT USAGE ON SCHEMA legacy TO legacy_dml, legacy_ro;
GRANT SELECT, INSERT, UPDATE, DELETE ON legacy.old, legacy.seen TO legacy_dml;
GRANT SELECT ON legacy.old, legacy.seen TO legacy_ro;
GRANT USAGE ON SCHEMA legacy TO legacy_worker;
RESET ROLE;
ALTER DEFAULT PRIVILEGES FOR ROLE legacy_ddl REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE legacy_ddl IN SCHEMA legacy GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO legacy_dml;
ALTER DEFAULT PRIVILEGES FOR ROLE legacy_ddl IN SCHEMA legacy GRANT SELECT ON TABLES TO legacy_ro;
INSERT INTO legacy.old VALUES (1, 'kept');
