-- as it is where billing came first, with create_schemas, and made a schema of a name that the layout gives to another service later
CREATE ROLE billing_ddl;
CREATE DATABASE shop;
GRANT CREATE ON DATABASE shop TO billing_ddl;
\connect shop
SET ROLE billing_ddl;
CREATE SCHEMA orders;
CREATE TABLE orders.jobs (id int);
CREATE TABLE orders.items (id int);
CREATE FUNCTION orders.fire() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER fires BEFORE INSERT ON orders.jobs FOR EACH ROW EXECUTE FUNCTION orders.fire();
