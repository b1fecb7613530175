-- etl creates tables in the service's schema, and everybody looks functions up in public
CREATE ROLE etl LOGIN;
CREATE ROLE other LOGIN;
CREATE DATABASE orders;
\connect orders
CREATE FUNCTION public.answer() RETURNS int LANGUAGE sql AS 'SELECT 42';
GRANT CREATE ON SCHEMA public TO etl;
GRANT ALL ON SCHEMA public TO PUBLIC;
CREATE SCHEMA orders;
CREATE TABLE orders.orders (id int);
GRANT USAGE, CREATE ON SCHEMA orders TO etl, other;
