-- For every function and operator that a question may name, others in pg_catalog with other argument types. Any of them that runs raises an
-- error. To be run by a superuser, whose functions in pg_catalog are trusted; the setting decoys.names has the names, with a blank between each.
-- What is to be made is asked before anything is: the questions here would run decoys, too.
SET check_function_bodies = off;
SET client_min_messages = error;
CREATE SCHEMA decoy;
CREATE TABLE decoy.type AS SELECT t AS name FROM unnest(ARRAY['text', 'name', 'varchar', 'bpchar', '"char"', 'bool', 'int2', 'int4', 'int8', 'oid',
  'xid', 'regclass', 'regrole', 'regproc', 'regtype', 'oidvector', 'int2vector', 'timestamptz', 'timestamp', 'jsonb', 'inet', 'pg_node_tree',
  'numeric', 'float8', 'text[]', 'name[]', 'oid[]', '"char"[]', 'aclitem[]', 'int2[]', 'int4[]', 'regproc[]', 'varchar[]']) t;

-- Functions: one argument is of another type, or all are of one; what takes any type gets each. And two to six texts, for what takes any number.
CREATE TABLE decoy.statement AS
  WITH own AS (
    SELECT p.oid, p.proname, p.prorettype::regtype::text AS gives, p.proretset AS many, p.provariadic <> 0 AS variadic,
           ARRAY(SELECT a::regtype::text FROM unnest(p.proargtypes) WITH ORDINALITY u(a, n) ORDER BY n) AS args
    FROM pg_proc p
    WHERE p.pronamespace = 11 AND p.oid < 16384 AND p.proname = ANY (string_to_array(current_setting('decoys.names'), ' '))
      AND p.pronargs BETWEEN 1 AND 4 AND p.prokind IN ('f', 'a')
  ), other AS (
    SELECT o.proname, o.gives, o.many,
           ARRAY(SELECT CASE WHEN n = at.n OR at.n = 0 OR a ~ '^"?any|^record$' THEN t.name ELSE a END
                 FROM unnest(o.args) WITH ORDINALITY u(a, n) ORDER BY n) AS args
    FROM own o CROSS JOIN decoy.type t CROSS JOIN LATERAL generate_series(0, cardinality(o.args)) at(n)
    UNION ALL
    SELECT o.proname, o.gives, o.many, array_fill('text'::text, ARRAY[n]) FROM own o CROSS JOIN generate_series(2, 6) n WHERE o.variadic
  ), made AS (
    SELECT DISTINCT ON (o.proname, o.args) o.proname, array_to_string(o.args, ', ') AS args,
           CASE WHEN o.many THEN 'SETOF ' ELSE '' END || CASE WHEN o.gives ~ '^"?any|^record|^internal' THEN 'text' ELSE o.gives END AS gives
    FROM other o
    WHERE NOT o.args && ARRAY['internal', 'cstring']
      AND NOT EXISTS (SELECT FROM own w WHERE w.proname = o.proname AND w.args = ARRAY(SELECT a::regtype::text FROM unnest(o.args) u(a)))
    ORDER BY o.proname, o.args
  )
  SELECT 1 AS pass, format('CREATE FUNCTION pg_catalog.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L', proname, args, gives,
                format('BEGIN RAISE ''a decoy ran: %s(%s)''; END', proname, args)) AS sql
  FROM made;

-- Operators: every pair of types that the server has none for.
WITH pair AS (
  SELECT op.name AS op, l.name AS l, r.name AS r, dense_rank() OVER (ORDER BY l.name, r.name) AS n
  FROM unnest(ARRAY['=', '<>', '<', '>', '<=', '>=', '~', '!~', '~~', '!~~', '||', '|', '&', '<<', '->>', '+', '-']) op(name)
  CROSS JOIN decoy.type l CROSS JOIN decoy.type r
  WHERE NOT EXISTS (SELECT FROM pg_operator o WHERE o.oprnamespace = 11 AND o.oprname = op.name
                    AND o.oprleft = l.name::regtype AND o.oprright = r.name::regtype)
)
INSERT INTO decoy.statement
SELECT DISTINCT 2, format('CREATE FUNCTION decoy.f%s(%s, %s) RETURNS bool LANGUAGE plpgsql AS %L', n, l, r,
                          format('BEGIN RAISE ''a decoy ran: an operator of (%s, %s)''; END', l, r)) FROM pair
UNION ALL
SELECT 3, format('CREATE OPERATOR pg_catalog.%s (FUNCTION = decoy.f%s, LEFTARG = %s, RIGHTARG = %s)', op, n, l, r) FROM pair;

DO $decoys$
DECLARE made record;
BEGIN
  FOR made IN SELECT sql FROM decoy.statement ORDER BY pass LOOP
    BEGIN
      EXECUTE made.sql;
    EXCEPTION WHEN duplicate_function THEN NULL;
    END;
  END LOOP;
END $decoys$;
