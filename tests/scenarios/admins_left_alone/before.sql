CREATE ROLE boss LOGIN SUPERUSER;
CREATE ROLE dba LOGIN CREATEROLE CREATEDB;
CREATE ROLE rds_superuser;
CREATE ROLE rdsadmin LOGIN SUPERUSER;
CREATE ROLE pgmoat_admin CREATEROLE CREATEDB;
CREATE ROLE stranger;

CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE TABLE orders.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer text, note text);
CREATE TABLE orders.jobs (id serial PRIMARY KEY, done boolean DEFAULT false);
