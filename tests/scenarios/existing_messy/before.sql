-- years of "just give it access": one common login, grants to people, PUBLIC everywhere
CREATE ROLE common_rw LOGIN;
CREATE ROLE alice LOGIN;
CREATE ROLE analysts;
GRANT analysts TO alice;
CREATE DATABASE orders OWNER common_rw;
CREATE DATABASE billing;
GRANT CREATE ON DATABASE orders TO alice;
\connect orders common_rw
CREATE SCHEMA orders;
CREATE TABLE orders.orders (id serial PRIMARY KEY, customer text);
CREATE TABLE orders.order_items (order_id int REFERENCES orders.orders, sku text);
CREATE VIEW orders.open_orders AS SELECT * FROM orders.orders;
GRANT ALL ON SCHEMA orders TO PUBLIC;
GRANT ALL ON ALL TABLES IN SCHEMA orders TO PUBLIC;
GRANT SELECT ON orders.orders TO analysts, alice;
GRANT ALL ON ALL SEQUENCES IN SCHEMA orders TO alice;
ALTER DEFAULT PRIVILEGES IN SCHEMA orders GRANT ALL ON TABLES TO PUBLIC;
\connect orders alice
CREATE TABLE orders.scratch (v text);
CREATE FUNCTION orders.total(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
\connect billing
CREATE SCHEMA billing AUTHORIZATION common_rw;
CREATE TABLE billing.invoices (id int);
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON billing.invoices TO common_rw, alice;
