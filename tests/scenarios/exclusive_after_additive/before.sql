-- years of "just give it access", and all of it stays
CREATE ROLE common_rw LOGIN;
CREATE ROLE alice LOGIN CONNECTION LIMIT 3;
CREATE ROLE g LOGIN;
CREATE ROLE analysts;
GRANT analysts TO alice;
-- a role that the layout wants, as somebody made it by hand
CREATE ROLE orders_app LOGIN CREATEDB CREATEROLE CONNECTION LIMIT 50;
ALTER ROLE orders_app SET work_mem = '64MB';
ALTER ROLE orders_app SET statement_timeout = '5min';
CREATE ROLE orders_dml;
GRANT orders_dml TO alice WITH ADMIN OPTION;
CREATE DATABASE orders OWNER common_rw;
CREATE DATABASE billing;
GRANT CREATE ON DATABASE orders TO alice;
ALTER ROLE orders_app IN DATABASE orders SET search_path = 'orders';
GRANT common_rw TO alice;
\connect orders common_rw
CREATE SCHEMA orders;
CREATE TABLE orders.orders (id serial PRIMARY KEY, customer text, note text);
CREATE TABLE orders.jobs (id bigint GENERATED ALWAYS AS IDENTITY, payload text);
CREATE VIEW orders.open_orders AS SELECT * FROM orders.orders;
GRANT ALL ON SCHEMA orders TO PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA orders TO PUBLIC;
GRANT SELECT ON orders.orders TO analysts, alice;
GRANT UPDATE ON orders.jobs TO orders_dml;
GRANT SELECT (note), UPDATE (note) ON orders.orders TO alice;
GRANT ALL ON ALL SEQUENCES IN SCHEMA orders TO alice;
GRANT SELECT, INSERT ON orders.orders TO g WITH GRANT OPTION;
\connect orders g
GRANT SELECT ON orders.orders TO analysts, orders_dml;
\connect orders common_rw
ALTER DEFAULT PRIVILEGES IN SCHEMA orders GRANT ALL ON TABLES TO PUBLIC;
\connect orders
SET ROLE alice;
CREATE TABLE orders.scratch (v text);
CREATE FUNCTION orders.total(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
CREATE TYPE orders.mood AS ENUM ('good');
\connect billing
CREATE SCHEMA billing AUTHORIZATION common_rw;
CREATE TABLE billing.invoices (id int);
GRANT SELECT, INSERT ON billing.invoices TO common_rw, alice;
