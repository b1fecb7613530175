CREATE ROLE alice;

CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE TABLE orders.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer text, note text);
CREATE TABLE orders.jobs (id serial PRIMARY KEY, done boolean DEFAULT false);

GRANT ALL ON SCHEMA public TO alice;
CREATE TABLE public.t (id int);
