-- a catalogue that everybody may read, functions that everybody may call
CREATE ROLE anybody LOGIN;
CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
GRANT USAGE ON SCHEMA orders TO PUBLIC;
CREATE TABLE orders.catalogue (id int);
CREATE TABLE orders.orders (id int);
CREATE FUNCTION orders.price(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
CREATE TABLE orders.jobs (id int, payload text);
GRANT SELECT (id), UPDATE (id) ON orders.jobs TO PUBLIC;
GRANT SELECT, INSERT ON orders.catalogue, orders.orders TO PUBLIC;
