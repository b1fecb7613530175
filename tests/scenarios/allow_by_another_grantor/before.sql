CREATE ROLE g LOGIN;
CREATE ROLE u LOGIN;
CREATE ROLE w LOGIN;
CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE TABLE orders.orders (id int, note text);
CREATE TABLE orders.jobs (id int, note text);
CREATE TABLE orders.tasks (id int, note text);
