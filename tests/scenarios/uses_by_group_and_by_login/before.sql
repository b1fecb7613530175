CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE TABLE orders.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer text, note text);
CREATE TABLE orders.jobs (id serial PRIMARY KEY, done boolean DEFAULT false);

CREATE TABLE orders.prices (sku text);
CREATE SCHEMA archive;
CREATE TABLE archive.orders_2020 (id int);
CREATE TABLE archive.orders_2021 (id int);
CREATE DATABASE billing;
CREATE DATABASE reports;
