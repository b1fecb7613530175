CREATE ROLE dba;
CREATE ROLE team;
CREATE ROLE outsiders;
CREATE ROLE alice;
CREATE ROLE bob;
CREATE ROLE u;

CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE TABLE orders.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer text, note text);
CREATE TABLE orders.jobs (id serial PRIMARY KEY, done boolean DEFAULT false);
CREATE FUNCTION orders.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
