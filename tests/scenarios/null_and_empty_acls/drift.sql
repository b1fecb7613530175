\connect orders
-- an owner that took everything from itself: an empty ACL isn't a null one
REVOKE ALL ON orders.orders FROM orders_ddl, orders_dml, orders_ro;
REVOKE ALL ON FUNCTION orders.f() FROM orders_ddl, orders_dml, orders_ro;
REVOKE ALL ON SEQUENCE orders.s FROM orders_dml, orders_ro;
REVOKE UPDATE ON orders.jobs FROM orders_ddl, orders_dml;
REVOKE ALL ON SCHEMA orders FROM orders_dml;
REVOKE ALL ON DATABASE orders FROM orders_dml, postgres;
\connect orders
SET ROLE orders_ddl;
CREATE TABLE orders.untouched (id int);
REVOKE ALL ON orders.untouched FROM orders_dml, orders_ro;
CREATE TYPE orders.mood AS ENUM ('good');
REVOKE ALL ON TYPE orders.mood FROM PUBLIC, orders_ddl;
