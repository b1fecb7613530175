\connect orders orders_migrate
-- a client that starts with its own role: what it makes isn't the ddl role's
SET ROLE NONE;
CREATE TABLE orders.mine (id serial, note text);
CREATE FUNCTION orders.mine() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TYPE orders.mood AS ENUM ('good');
GRANT SELECT ON orders.mine TO orders_app WITH GRANT OPTION;
