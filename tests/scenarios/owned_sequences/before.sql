CREATE ROLE old_owner;
CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE SCHEMA other;
CREATE TABLE orders.a (id serial, n int);
CREATE TABLE other.b (id int, n int);
ALTER TABLE orders.a OWNER TO old_owner;
ALTER TABLE other.b OWNER TO old_owner;
CREATE SEQUENCE orders.of_nobody;
ALTER SEQUENCE orders.of_nobody OWNER TO old_owner;
CREATE TABLE orders.c (id serial);
GRANT USAGE ON SEQUENCE orders.a_id_seq TO PUBLIC;
