CREATE ROLE alice LOGIN;
CREATE ROLE bob;
CREATE ROLE carol LOGIN;

CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE TABLE orders.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer text, note text);
CREATE TABLE orders.jobs (id serial PRIMARY KEY, done boolean DEFAULT false);

GRANT USAGE ON SCHEMA orders TO alice, bob, carol;
