\connect orders orders_migrate
CREATE VIEW orders.done AS SELECT * FROM orders.orders;
DROP VIEW orders.done;
