CREATE ROLE keeper;
CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE SCHEMA archive;
CREATE SCHEMA elsewhere AUTHORIZATION keeper;
CREATE TABLE orders.events (id serial, at date) PARTITION BY RANGE (at);
CREATE TABLE archive.events_2025 PARTITION OF orders.events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE elsewhere.events_2024 PARTITION OF orders.events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE orders.base (id int);
CREATE TABLE archive.derived (more int) INHERITS (orders.base);
CREATE SEQUENCE archive.numbers OWNED BY NONE;
CREATE TABLE elsewhere.owner_of_a_sequence (id int);
