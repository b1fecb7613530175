\connect shop billing_migrate
CREATE SCHEMA orders;
CREATE TABLE orders.jobs (id int);
CREATE TABLE orders.items (id int);
CREATE FUNCTION orders.fire() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER fires BEFORE INSERT ON orders.jobs FOR EACH ROW EXECUTE FUNCTION orders.fire();
