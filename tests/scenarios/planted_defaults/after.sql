\connect orders orders_migrate
CREATE TABLE orders.later (id serial);
CREATE FUNCTION orders.later() RETURNS int LANGUAGE sql AS 'SELECT 1';
