-- a database that is there, and a slot that was given more than its login
CREATE DATABASE orders;
CREATE ROLE orders_worker_a LOGIN CREATEDB;
CREATE ROLE stranger LOGIN;
\connect orders
CREATE SCHEMA orders;
CREATE TABLE orders.jobs (id serial, what text);
CREATE TABLE orders.invoices (id int);
-- rights belong to the login, never to one of its slots
GRANT USAGE ON SCHEMA orders TO orders_worker_a;
GRANT INSERT, DELETE ON orders.jobs TO orders_worker_a;
