CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE TABLE orders.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer text, note text);
CREATE TABLE orders.jobs (id serial PRIMARY KEY, done boolean DEFAULT false);

CREATE TABLE orders.parent (id int) PARTITION BY LIST (id);
CREATE TABLE orders.child PARTITION OF orders.parent DEFAULT;
CREATE VIEW orders.window AS SELECT * FROM orders.jobs;
