CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE TABLE orders.closed (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE orders.part PARTITION OF orders.closed FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY RANGE (at);
CREATE TABLE orders.part_of_part PARTITION OF orders.part DEFAULT;
CREATE VIEW orders.closed_by_name AS SELECT * FROM orders.closed;
CREATE VIEW orders.seen AS SELECT * FROM orders.closed;
CREATE VIEW orders.seen_again AS SELECT * FROM orders.seen;
CREATE TABLE orders.open (id int);
CREATE VIEW orders.open_v AS SELECT * FROM orders.open;
CREATE TABLE orders.jobs_t (id int);
CREATE VIEW orders.jobs_v AS SELECT * FROM orders.jobs_t;
CREATE VIEW orders.over_jobs AS SELECT * FROM orders.jobs_t;
CREATE MATERIALIZED VIEW orders.jobs_m AS SELECT * FROM orders.jobs_t;
