CREATE ROLE pgmoat_ci LOGIN CREATEDB;

CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE TABLE orders.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer text, note text);
CREATE TABLE orders.jobs (id serial PRIMARY KEY, done boolean DEFAULT false);

GRANT SELECT ON orders.orders TO pgmoat_ci;
GRANT TEMPORARY ON DATABASE orders TO pgmoat_ci;
