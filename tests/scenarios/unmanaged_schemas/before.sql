CREATE ROLE reporting LOGIN;

CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE TABLE orders.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer text, note text);
CREATE TABLE orders.jobs (id serial PRIMARY KEY, done boolean DEFAULT false);

CREATE SCHEMA reporting AUTHORIZATION reporting;
CREATE TABLE reporting.sums (n int);
GRANT SELECT ON reporting.sums TO PUBLIC;
CREATE SCHEMA "Odd one";
CREATE TABLE public.left_alone (n int);
GRANT ALL ON public.left_alone TO PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE reporting IN SCHEMA reporting GRANT SELECT ON TABLES TO PUBLIC;
