CREATE DATABASE shop;
\connect shop
CREATE SCHEMA cart;
CREATE TABLE cart.carts (id serial);
CREATE SCHEMA stock;
CREATE TABLE stock.items (id serial);
GRANT SELECT ON stock.items TO PUBLIC;
