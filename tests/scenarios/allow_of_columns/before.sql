-- an auditor reads some columns; what he has on the table as a whole isn't in the exception
CREATE ROLE auditor LOGIN;
CREATE ROLE clerk LOGIN;
CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
GRANT USAGE ON SCHEMA orders TO auditor;
CREATE TABLE orders.orders (id int, customer text, note text);
CREATE TABLE orders.jobs (id int, payload text);
CREATE VIEW orders.open AS SELECT * FROM orders.orders;
GRANT SELECT (id, customer), UPDATE (note), REFERENCES (id) ON orders.orders TO auditor;
GRANT INSERT ON orders.orders TO auditor;
GRANT SELECT (id) ON orders.jobs TO auditor, PUBLIC;
GRANT SELECT (note), INSERT (note) ON orders.orders TO clerk WITH GRANT OPTION;
GRANT SELECT (id) ON orders.open TO auditor;
