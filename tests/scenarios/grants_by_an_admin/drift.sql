\connect orders
GRANT USAGE ON SCHEMA orders TO dba WITH GRANT OPTION;
GRANT SELECT, INSERT ON orders.orders TO dba WITH GRANT OPTION;
SET ROLE dba;
GRANT SELECT, INSERT ON orders.orders TO u;
GRANT SELECT ON orders.orders TO orders_ro;
GRANT USAGE ON SCHEMA orders TO PUBLIC;
GRANT INSERT (note) ON orders.orders TO u;
