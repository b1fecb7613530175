\connect orders
ALTER COLLATION orders.plain OWNER TO intruder;
ALTER CONVERSION orders."Odd conv" OWNER TO intruder;
ALTER OPERATOR orders.=== (int, int) OWNER TO orders_migrate;
ALTER OPERATOR orders.!! (NONE, int) OWNER TO intruder;
ALTER OPERATOR FAMILY orders.family USING btree OWNER TO intruder;
ALTER OPERATOR CLASS orders.class USING btree OWNER TO intruder;
ALTER STATISTICS orders.st OWNER TO intruder;
ALTER TEXT SEARCH CONFIGURATION orders.words OWNER TO intruder;
ALTER TEXT SEARCH DICTIONARY orders.dictionary OWNER TO intruder;
ALTER FUNCTION orders.span(int, int) OWNER TO intruder;
ALTER COLLATION public.left_alone OWNER TO intruder;
-- with all that belongs to it
GRANT USAGE, CREATE ON SCHEMA orders TO intruder;
GRANT CONNECT ON DATABASE orders TO intruder;
\connect orders intruder
CREATE TYPE orders.his AS RANGE (subtype = int4);
