-- everything that u has is by g's word
GRANT CONNECT, TEMPORARY ON DATABASE orders TO g WITH GRANT OPTION;
SET ROLE g;
GRANT CONNECT, TEMPORARY ON DATABASE orders TO u;
RESET ROLE;
\connect orders
GRANT USAGE ON SCHEMA orders TO g WITH GRANT OPTION;
GRANT SELECT, INSERT ON orders.orders, orders.jobs TO g WITH GRANT OPTION;
GRANT UPDATE (note), SELECT (note) ON orders.jobs TO g WITH GRANT OPTION;
SET ROLE g;
GRANT USAGE ON SCHEMA orders TO u;
GRANT SELECT, INSERT ON orders.orders TO u;
GRANT UPDATE (note), INSERT (note) ON orders.jobs TO u;
RESET ROLE;
GRANT SELECT ON orders.tasks TO g WITH GRANT OPTION;
GRANT SELECT (note) ON orders.tasks TO g;
SET ROLE g;
GRANT SELECT (note) ON orders.tasks TO w;
