CREATE SCHEMA orders AUTHORIZATION alice;
GRANT USAGE ON SCHEMA orders TO PUBLIC;
SET ROLE alice;

CREATE TABLE orders.customers (id bigserial PRIMARY KEY, name text NOT NULL, email text);
CREATE TABLE orders.orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer bigint NOT NULL REFERENCES orders.customers,
    total numeric NOT NULL
);
CREATE TABLE orders.jobs (id bigserial PRIMARY KEY, payload text, done boolean NOT NULL DEFAULT false);
CREATE TABLE orders.events (at timestamptz NOT NULL, what text) PARTITION BY RANGE (at);
CREATE TABLE orders.events_2026 PARTITION OF orders.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE orders.events_2027 PARTITION OF orders.events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
CREATE VIEW orders.open_jobs AS SELECT id, payload FROM orders.jobs WHERE NOT done;
CREATE FUNCTION orders.revenue() RETURNS numeric LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS 'SELECT sum(total) FROM orders.orders';
INSERT INTO orders.customers (name, email) VALUES ('Ann', 'ann@example.com'), ('Ben', 'ben@example.com');
INSERT INTO orders.orders (customer, total) VALUES (1, 30), (1, 12), (2, 99);

-- everybody reads everything, and will
GRANT SELECT ON ALL TABLES IN SCHEMA orders TO PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA orders GRANT SELECT ON TABLES TO PUBLIC;
-- the one login that every service was given
GRANT SELECT, INSERT, UPDATE, DELETE ON orders.customers, orders.orders, orders.jobs TO shared_app WITH GRANT OPTION;
-- a stranger, and a column
GRANT UPDATE ON orders.orders TO bob;
GRANT SELECT (email), UPDATE (email) ON orders.customers TO metabase;
-- what was granted on by somebody else
RESET ROLE;
SET ROLE shared_app;
GRANT SELECT, UPDATE ON orders.jobs TO metabase;
