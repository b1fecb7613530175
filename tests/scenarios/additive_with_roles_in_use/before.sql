-- the layout's roles are all there and at work; the migrating login owns what it made, and acts as itself
CREATE ROLE orders_ddl;
CREATE ROLE orders_migrate LOGIN CONNECTION LIMIT 2;
CREATE ROLE other LOGIN;
GRANT orders_ddl TO orders_migrate, other;
CREATE ROLE orders_ro LOGIN;
CREATE DATABASE orders;
GRANT CREATE ON DATABASE orders TO orders_migrate;
\connect orders orders_migrate
CREATE SCHEMA orders;
CREATE TABLE orders.orders (id int);
GRANT USAGE ON SCHEMA orders TO orders_ddl;
\connect orders
CREATE FUNCTION orders.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER FUNCTION orders.f() OWNER TO orders_ddl;
