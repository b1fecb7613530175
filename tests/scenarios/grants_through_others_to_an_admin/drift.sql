GRANT CONNECT ON DATABASE orders TO alice WITH GRANT OPTION;
SET ROLE alice;
GRANT CONNECT ON DATABASE orders TO dba;
\connect orders
GRANT USAGE ON SCHEMA orders TO alice, bob WITH GRANT OPTION;
GRANT SELECT, INSERT ON orders.jobs TO alice, bob WITH GRANT OPTION;
GRANT SELECT (note) ON orders.orders TO alice WITH GRANT OPTION;
GRANT UPDATE ON orders.orders TO alice WITH GRANT OPTION;
SET ROLE alice;
GRANT USAGE ON SCHEMA orders TO dba, deputy, u;
-- alice, and through her dba, deputy and u
GRANT SELECT, INSERT ON orders.jobs TO dba WITH GRANT OPTION;
GRANT SELECT (note) ON orders.orders TO dba WITH GRANT OPTION;
GRANT UPDATE (note) ON orders.orders TO dba;
GRANT UPDATE (note) ON orders.orders TO u;
RESET ROLE;
SET ROLE bob;
GRANT SELECT ON orders.jobs TO dba;
RESET ROLE;
SET ROLE dba;
GRANT SELECT ON orders.jobs TO deputy, u WITH GRANT OPTION;
GRANT SELECT (note) ON orders.orders TO deputy, u;
RESET ROLE;
SET ROLE u;
GRANT SELECT ON orders.jobs TO bob;
