\connect orders
-- alice may grant on the whole table, and grants one column; both are to go
GRANT USAGE ON SCHEMA orders TO alice;
GRANT SELECT, UPDATE ON orders.orders TO alice WITH GRANT OPTION;
SET ROLE alice;
GRANT SELECT (note), UPDATE (note) ON orders.orders TO bob;
RESET ROLE;
GRANT UPDATE (note) ON orders.orders TO alice;
