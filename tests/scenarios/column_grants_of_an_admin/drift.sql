\connect orders
GRANT USAGE ON SCHEMA orders TO dba;
-- what dba has stays, what dba gave goes
GRANT SELECT (note), UPDATE (note) ON orders.orders TO dba WITH GRANT OPTION;
GRANT SELECT ON orders.jobs TO dba WITH GRANT OPTION;
SET ROLE dba;
GRANT SELECT (note) ON orders.orders TO u, deputy;
GRANT SELECT (done) ON orders.jobs TO u, deputy;
