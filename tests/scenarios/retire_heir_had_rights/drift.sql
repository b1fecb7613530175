-- x goes, and orders_ddl gets what x owns: part of it was granted to orders_ddl before
CREATE ROLE x LOGIN;
GRANT CONNECT ON DATABASE common TO orders_ddl;
\connect common
CREATE SCHEMA s AUTHORIZATION x;
GRANT USAGE ON SCHEMA s TO orders_ddl WITH GRANT OPTION;
CREATE TABLE s.t (id int, note text);
ALTER TABLE s.t OWNER TO x;
GRANT SELECT ON s.t TO orders_ddl WITH GRANT OPTION;
GRANT UPDATE (note) ON s.t TO orders_ddl, u;
SET ROLE orders_ddl;
GRANT USAGE ON SCHEMA s TO u;
GRANT SELECT ON s.t TO u;
RESET ROLE;
-- and one whose columns alone were
CREATE TABLE s.notes (id int, note text);
ALTER TABLE s.notes OWNER TO x;
GRANT INSERT (note) ON s.notes TO orders_ddl;
CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'select 1';
ALTER FUNCTION s.f() OWNER TO x;
REVOKE ALL ON FUNCTION s.f() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION s.f() TO orders_ddl;
