\connect shop
DROP VIEW information_schema.sql_parts;
DROP FUNCTION information_schema.f();
CREATE TABLE information_schema.sql_parts ();
