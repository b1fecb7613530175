-- the clouds are known by a superuser of their own
CREATE ROLE rdsadmin SUPERUSER;
CREATE ROLE cloudsqladmin SUPERUSER;
CREATE ROLE rds_iam;
CREATE ROLE rds_superuser CREATEROLE CREATEDB;
CREATE ROLE cloudsqlsuperuser CREATEROLE CREATEDB;

-- a role of a cloud that isn't here is a stranger
CREATE ROLE alloydbsuperuser;

CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE TABLE orders.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer text, note text);
CREATE TABLE orders.jobs (id serial PRIMARY KEY, done boolean DEFAULT false);

GRANT ALL ON orders.orders TO rds_superuser, cloudsqlsuperuser;
GRANT SELECT ON orders.orders TO alloydbsuperuser;
GRANT SELECT ON orders.jobs TO pg_monitor;
