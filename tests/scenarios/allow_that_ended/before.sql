-- on the day of the scenarios, 2026-11-24, one exception ends and another has its last day
CREATE ROLE metabase LOGIN;
CREATE ROLE cron LOGIN;
CREATE ROLE alice LOGIN;
CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
GRANT USAGE ON SCHEMA orders TO metabase, cron;
CREATE TABLE orders.orders (id int, note text);
CREATE TABLE orders.jobs (id int);
GRANT SELECT ON ALL TABLES IN SCHEMA orders TO metabase, cron;
