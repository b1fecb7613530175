-- What Aurora brings, and the admin that pgmoat is to be.
CREATE ROLE rds_superuser NOLOGIN;
CREATE ROLE rds_iam NOLOGIN;
CREATE ROLE pgmoat_admin NOLOGIN CREATEROLE CREATEDB;
-- AWS's rotation for alternating users made the clone, which owns what it creates.
CREATE ROLE orders_app LOGIN PASSWORD 'from before';
CREATE ROLE orders_app_clone LOGIN PASSWORD 'from before' IN ROLE orders_app;
CREATE ROLE orders_worker LOGIN PASSWORD 'from before';
CREATE ROLE billing_cron LOGIN PASSWORD 'from before';
-- Nobody knows any more what this one was for.
CREATE ROLE orders_report LOGIN PASSWORD 'from before';
CREATE DATABASE orders;
CREATE DATABASE billing;
\connect orders
CREATE SCHEMA orders AUTHORIZATION orders_app;
GRANT USAGE, CREATE ON SCHEMA orders TO orders_report;
GRANT USAGE ON SCHEMA orders TO orders_worker, billing_cron;
SET ROLE orders_app;
CREATE TABLE orders.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, total numeric);
CREATE TABLE orders.jobs (id bigserial PRIMARY KEY, payload text);
GRANT SELECT, INSERT, UPDATE, DELETE ON orders.jobs TO orders_worker;
GRANT SELECT ON orders.orders TO orders_report, billing_cron;
SET ROLE orders_app_clone;
CREATE TABLE orders.refunds (id bigint, amount numeric);
SET ROLE orders_report;
CREATE TABLE orders.report_2019 (day date, total numeric);
\connect billing
CREATE SCHEMA billing AUTHORIZATION billing_cron;
SET ROLE billing_cron;
CREATE TABLE billing.invoices (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, total numeric);
