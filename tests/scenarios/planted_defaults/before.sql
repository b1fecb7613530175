CREATE ROLE strict_one;
CREATE ROLE planter LOGIN;
CREATE ROLE spy LOGIN;

CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE TABLE orders.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer text, note text);
CREATE TABLE orders.jobs (id serial PRIMARY KEY, done boolean DEFAULT false);

-- stricter than PostgreSQL's own defaults: stays
ALTER DEFAULT PRIVILEGES FOR ROLE strict_one REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE strict_one REVOKE USAGE ON TYPES FROM PUBLIC;
