CREATE ROLE alice LOGIN;
CREATE ROLE bob LOGIN;
CREATE ROLE carol LOGIN;
CREATE ROLE dave LOGIN;
CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE TABLE orders.orders (id int);
