-- metabase reads tables and views, and got in by PUBLIC; cron is let in by name; a team has a group
CREATE ROLE metabase LOGIN;
CREATE ROLE cron LOGIN;
CREATE ROLE analysts;
CREATE ROLE alice LOGIN;
CREATE ROLE old_owner LOGIN;
GRANT analysts TO alice;
CREATE DATABASE orders;
GRANT CONNECT ON DATABASE orders TO cron WITH GRANT OPTION;
\connect orders
CREATE SCHEMA orders;
GRANT USAGE ON SCHEMA orders TO PUBLIC;
GRANT USAGE, CREATE ON SCHEMA orders TO cron;
CREATE TABLE orders.orders (id serial PRIMARY KEY, customer text);
CREATE TABLE orders.report_daily (day date, total numeric);
CREATE TABLE orders.report_weekly (week date, total numeric);
CREATE VIEW orders.report_view AS SELECT * FROM orders.orders;
CREATE FUNCTION orders.report_total() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION orders.secret() RETURNS int LANGUAGE sql AS 'SELECT 2';
CREATE TYPE orders.mood AS ENUM ('good');
ALTER TABLE orders.report_weekly OWNER TO old_owner;
REVOKE ALL ON FUNCTION orders.report_total(), orders.secret() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION orders.report_total(), orders.secret() TO metabase;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA orders TO metabase WITH GRANT OPTION;
GRANT SELECT, UPDATE ON orders.report_daily TO cron, analysts;
GRANT SELECT, USAGE ON SEQUENCE orders.orders_id_seq TO cron;
