CREATE ROLE pgmoat_admin NOLOGIN CREATEROLE CREATEDB;
CREATE ROLE rds_superuser NOLOGIN;
CREATE ROLE rds_iam NOLOGIN;
CREATE ROLE orders_app LOGIN;
ALTER ROLE orders_app SET work_mem = '1GB';
CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE SCHEMA archive;
CREATE TABLE orders.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, total numeric);
CREATE TABLE orders.jobs (id bigserial PRIMARY KEY, payload text);
CREATE TABLE orders.audit_log (at timestamptz NOT NULL, what text) PARTITION BY RANGE (at);
CREATE TABLE orders.frozen (id int);
CREATE TABLE orders.inbox (id bigserial PRIMARY KEY, body text);
CREATE TABLE archive.orders_2024 (id bigint, total numeric);
CREATE TABLE archive.jobs_2024 (id bigint);
GRANT TRIGGER ON orders.jobs TO orders_app;
