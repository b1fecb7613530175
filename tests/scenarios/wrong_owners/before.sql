CREATE ROLE intruder LOGIN;

CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE TABLE orders.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer text, note text);
CREATE TABLE orders.jobs (id serial PRIMARY KEY, done boolean DEFAULT false);

CREATE VIEW orders.v AS SELECT * FROM orders.orders;
CREATE SEQUENCE orders.s;
CREATE FUNCTION orders.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE orders.p() LANGUAGE sql AS 'SELECT 1';
CREATE TYPE orders.mood AS ENUM ('good');
CREATE MATERIALIZED VIEW orders.m AS SELECT 1 AS one;
