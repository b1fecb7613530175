CREATE ROLE common_rw NOLOGIN;
CREATE ROLE orders_app LOGIN;
CREATE ROLE billing_app LOGIN;
GRANT common_rw TO orders_app;
GRANT common_rw TO billing_app;
CREATE DATABASE common;
\connect common
CREATE SCHEMA orders;
CREATE SCHEMA billing;
CREATE TABLE orders.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, total numeric NOT NULL);
CREATE TABLE orders.events (at date NOT NULL, what text) PARTITION BY RANGE (at);
CREATE TABLE orders.events_2026 PARTITION OF orders.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE MATERIALIZED VIEW orders.totals AS SELECT sum(total) AS total FROM orders.orders;
CREATE TABLE billing.invoice (id serial PRIMARY KEY, paid boolean NOT NULL DEFAULT false);
CREATE TABLE billing.invoice_line (invoice int REFERENCES billing.invoice, what text);
GRANT USAGE ON SCHEMA orders, billing TO common_rw;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA orders, billing TO common_rw;
-- a schema that no service declares is left alone
CREATE SCHEMA legacy;
CREATE TABLE legacy.parts (id int);
GRANT SELECT ON legacy.parts TO PUBLIC;
