-- owns in a service's schema what has no rights of its own, and a range type with what belongs to it
CREATE ROLE old_ddl LOGIN;
CREATE DATABASE orders;
GRANT CREATE ON DATABASE orders TO old_ddl;
\connect orders old_ddl
CREATE SCHEMA orders;
CREATE TYPE orders.span AS RANGE (subtype = int4);
CREATE COLLATION orders.plain FROM "C";
CREATE TEXT SEARCH CONFIGURATION orders.words (COPY = simple);
CREATE SCHEMA attic;
CREATE TYPE attic.span AS RANGE (subtype = int4);
CREATE COLLATION attic.plain FROM "C";
\connect orders
GRANT EXECUTE ON FUNCTION orders.span(int, int) TO old_ddl;
GRANT EXECUTE ON FUNCTION attic.span(int, int) TO old_ddl;
