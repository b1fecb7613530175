CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE TABLE orders.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer text, note text);
CREATE TABLE orders.jobs (id serial PRIMARY KEY, done boolean DEFAULT false);

CREATE TABLE orders.lines (job int REFERENCES orders.jobs);
CREATE INDEX ON orders.lines (job);
CREATE RULE no_delete AS ON DELETE TO orders.lines DO INSTEAD NOTHING;
ALTER TABLE orders.lines ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON orders.lines USING (true);
CREATE FUNCTION orders.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER touch BEFORE INSERT ON orders.lines FOR EACH ROW EXECUTE FUNCTION orders.touch();
GRANT REFERENCES, TRIGGER, TRUNCATE ON orders.lines TO PUBLIC;
