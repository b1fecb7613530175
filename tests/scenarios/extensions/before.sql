CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE SCHEMA tools;
CREATE EXTENSION citext SCHEMA orders;
CREATE EXTENSION hstore SCHEMA tools;
GRANT EXECUTE ON FUNCTION orders.citext_eq(orders.citext, orders.citext) TO PUBLIC;
CREATE TABLE orders.people (name orders.citext);
CREATE FUNCTION orders.own(orders.citext) RETURNS int LANGUAGE sql AS 'SELECT 1';
