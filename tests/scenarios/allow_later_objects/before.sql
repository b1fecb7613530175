-- metabase reads what is there and what will be; so does the old tool, but its exception says nothing of later
CREATE ROLE metabase LOGIN;
CREATE ROLE old_tool LOGIN;
CREATE ROLE loader LOGIN;
CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
GRANT USAGE ON SCHEMA orders TO PUBLIC;
GRANT CREATE ON SCHEMA orders TO loader;
CREATE TABLE orders.orders (id int);
GRANT SELECT ON orders.orders TO metabase, old_tool;
