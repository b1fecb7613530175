GRANT CONNECT ON DATABASE orders TO metabase, cron;
GRANT orders_ro TO alice;
\connect orders
GRANT USAGE ON SCHEMA orders TO metabase;
GRANT SELECT, DELETE ON orders.orders, orders.jobs TO metabase;
GRANT UPDATE (note) ON orders.orders TO metabase;
ALTER DEFAULT PRIVILEGES FOR ROLE orders_ddl IN SCHEMA orders GRANT SELECT ON TABLES TO metabase;
