ALTER DATABASE orders OWNER TO intruder;
\connect orders
ALTER SCHEMA orders OWNER TO intruder;
ALTER TABLE orders.jobs OWNER TO intruder;
ALTER TABLE orders.orders OWNER TO orders_app;
ALTER VIEW orders.v OWNER TO intruder;
ALTER MATERIALIZED VIEW orders.m OWNER TO orders_migrate;
ALTER SEQUENCE orders.s OWNER TO orders_dml;
ALTER FUNCTION orders.f() OWNER TO intruder;
ALTER PROCEDURE orders.p() OWNER TO intruder;
ALTER TYPE orders.mood OWNER TO intruder;
-- the intruder's own entries, after which a plain move leaves him what he had
GRANT SELECT ON orders.jobs TO orders_ddl;
