CREATE ROLE alice;
CREATE ROLE bob;
CREATE ROLE u;

CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE TABLE orders.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer text, note text);
CREATE TABLE orders.jobs (id serial PRIMARY KEY, done boolean DEFAULT false);
CREATE SEQUENCE orders.numbers;
CREATE FUNCTION orders.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TYPE orders.mood AS ENUM ('good');
