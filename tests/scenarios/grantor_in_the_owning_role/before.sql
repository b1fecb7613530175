-- A member of the owning role counts as the owner: as long as he is one, CASCADE doesn't reach what he granted on.
CREATE ROLE orders_ddl;
CREATE ROLE alice LOGIN;
CREATE ROLE bob LOGIN;
CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders AUTHORIZATION orders_ddl;
GRANT USAGE ON SCHEMA orders TO alice, bob;
SET ROLE orders_ddl;
CREATE TABLE orders.jobs (id int);
GRANT SELECT, UPDATE ON orders.jobs TO alice WITH GRANT OPTION;
SET ROLE alice;
GRANT SELECT ON orders.jobs TO bob WITH GRANT OPTION;
RESET ROLE;
GRANT orders_ddl TO alice;
