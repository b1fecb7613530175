\connect orders
GRANT SELECT (note), UPDATE (note) ON orders.orders TO alice;
GRANT INSERT (customer) ON orders.orders TO PUBLIC;
GRANT SELECT (note) ON orders.orders TO bob WITH GRANT OPTION;
GRANT UPDATE (customer) ON orders.orders TO orders_bi;
GRANT SELECT ON orders.jobs TO alice;
GRANT SELECT (done) ON orders.jobs TO alice;
GRANT REFERENCES (id) ON orders.jobs TO carol;
GRANT USAGE ON SCHEMA orders TO bob;
SET ROLE bob;
GRANT SELECT (note) ON orders.orders TO carol;
