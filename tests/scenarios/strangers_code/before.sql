CREATE ROLE stranger LOGIN;
CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE TABLE orders.secret (id int);
GRANT USAGE, CREATE ON SCHEMA orders TO stranger;
\connect orders stranger
CREATE VIEW orders.pub_more AS SELECT 1 AS one;
CREATE FUNCTION orders.run(text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN EXECUTE $1; END $$;
CREATE FUNCTION orders.fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION orders.fine(int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT true';
CREATE AGGREGATE orders.total(int) (SFUNC = int4pl, STYPE = int);
CREATE DOMAIN orders.checked AS int CHECK (orders.fine(VALUE));
CREATE DOMAIN orders.positive AS int CHECK (VALUE > 0);
CREATE TYPE orders.mood AS ENUM ('good');
CREATE TYPE orders.cast_to AS ENUM ('good');
CREATE FUNCTION orders.casts(int) RETURNS orders.cast_to LANGUAGE sql AS 'SELECT ''good''::orders.cast_to';
CREATE CAST (int AS orders.cast_to) WITH FUNCTION orders.casts(int) AS ASSIGNMENT;
CREATE TABLE orders.quiet (id int PRIMARY KEY CHECK (id > 0), at timestamptz DEFAULT now(), mood orders.mood DEFAULT 'good', s serial);
CREATE TABLE orders.trap (id int CHECK (orders.fine(id)), note text DEFAULT query_to_xml('SELECT 1', true, true, '')::text);
CREATE INDEX ON orders.trap (orders.fine(id));
CREATE TRIGGER fires BEFORE INSERT ON orders.trap FOR EACH ROW EXECUTE FUNCTION orders.fire();
CREATE RULE nothing AS ON DELETE TO orders.trap DO INSTEAD NOTHING;
CREATE POLICY above ON orders.trap USING (id > 3);
CREATE SEQUENCE orders.numbers;
