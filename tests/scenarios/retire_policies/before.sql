CREATE ROLE u LOGIN;
CREATE DATABASE common;
CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE TABLE orders.jobs (id int);
ALTER TABLE orders.jobs ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody ON orders.jobs USING (true);
