CREATE ROLE rds_iam;
CREATE ROLE rds_superuser CREATEROLE CREATEDB;
CREATE ROLE cloudsqlsuperuser CREATEROLE CREATEDB;

CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE TABLE orders.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer text, note text);
CREATE TABLE orders.jobs (id serial PRIMARY KEY, done boolean DEFAULT false);

GRANT ALL ON orders.orders TO rds_superuser, cloudsqlsuperuser;
