-- whatever can have an owner and stands in a schema, besides tables, routines and types
CREATE ROLE intruder LOGIN;

CREATE DATABASE orders;
\connect orders
CREATE SCHEMA orders;
CREATE TABLE orders.jobs (id int, note text);
CREATE COLLATION orders.plain FROM "C";
CREATE CONVERSION orders."Odd conv" FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
CREATE OPERATOR orders.=== (leftarg = int, rightarg = int, function = int4eq);
CREATE OPERATOR orders.!! (rightarg = int, function = int4um);
CREATE OPERATOR FAMILY orders.family USING btree;
CREATE OPERATOR CLASS orders.class FOR TYPE int4 USING btree FAMILY orders.family AS STORAGE int4;
CREATE STATISTICS orders.st ON id, note FROM orders.jobs;
CREATE TEXT SEARCH CONFIGURATION orders.words (COPY = simple);
CREATE TEXT SEARCH DICTIONARY orders.dictionary (TEMPLATE = simple);
CREATE TYPE orders.span AS RANGE (subtype = int4);
CREATE COLLATION public.left_alone FROM "C";
