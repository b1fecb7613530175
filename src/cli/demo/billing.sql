CREATE SCHEMA billing;
CREATE TABLE billing.invoice (id serial PRIMARY KEY, order_id bigint NOT NULL, paid boolean NOT NULL DEFAULT false);
CREATE SEQUENCE billing.invoice_number;
INSERT INTO billing.invoice (order_id) VALUES (1), (2);
GRANT USAGE ON SCHEMA billing TO shared_app, orders_app;
GRANT SELECT, INSERT, UPDATE ON billing.invoice TO shared_app, orders_app;
GRANT USAGE ON SEQUENCE billing.invoice_number TO PUBLIC;
