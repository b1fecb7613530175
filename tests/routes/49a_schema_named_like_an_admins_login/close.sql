\connect postgres
DROP SCHEMA dba CASCADE;
