-- What a session of a login can really do, told by that session itself: it becomes whom it can become, makes itself a member of
-- whatever it may, gives itself what it owns, tries, and takes everything back.

CREATE SCHEMA truth;
GRANT USAGE ON SCHEMA truth TO PUBLIC;

-- Everything that is asked about.
CREATE VIEW truth.thing AS
SELECT n.oid AS schema, c.oid, 'TABLE' AS keyword, c.relkind::text AS letter, n.nspname::text || '.' || c.relname AS name
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('s1', 's2', 'public') AND c.relkind IN ('r', 'p', 'v', 'm')
UNION ALL
SELECT n.oid, c.oid, 'SEQUENCE', 'S', n.nspname::text || '.' || c.relname
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('s1', 's2', 'public') AND c.relkind = 'S'
UNION ALL
SELECT n.oid, p.oid, 'FUNCTION', 'F', n.nspname::text || '.' || p.proname
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('s1', 's2', 'public')
UNION ALL
SELECT n.oid, t.oid, 'TYPE', CASE t.typtype WHEN 'd' THEN 'D' ELSE 'T' END, n.nspname::text || '.' || t.typname
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname IN ('s1', 's2', 'public') AND t.typtype IN ('d', 'r')
UNION ALL
SELECT n.oid, n.oid, 'SCHEMA', 'n', n.nspname::text FROM pg_namespace n WHERE n.nspname IN ('s1', 's2', 'public')
UNION ALL
SELECT 0, oid, 'DATABASE', 'd', datname::text FROM pg_database WHERE datname = current_database();
GRANT SELECT ON truth.thing TO PUBLIC;

-- Does the server take it?
CREATE FUNCTION truth.takes(statement text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE statement;
  RETURN true;
EXCEPTION WHEN OTHERS THEN
  RETURN false;
END $$;

-- What would a statement change? Null if the server doesn't take it; nothing is kept.
CREATE FUNCTION truth.effect(statement text, without text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  before jsonb; behind jsonb;
BEGIN
  PERFORM truth.unlink(without);
  before := truth.content();
  EXECUTE statement;
  behind := truth.content();
  RAISE EXCEPTION USING ERRCODE = 'TRUTH';
EXCEPTION
  WHEN SQLSTATE 'TRUTH' THEN
    RETURN coalesce((SELECT jsonb_object_agg(b.key, jsonb_array_length(a.value) - jsonb_array_length(b.value))
                     FROM jsonb_each(before) b JOIN jsonb_each(behind) a ON a.key = b.key AND a.value <> b.value), '{}');
  WHEN OTHERS THEN
    RETURN NULL;
END $$;

CREATE FUNCTION truth.has(letter text, thing oid, privilege text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT CASE letter
    WHEN 'd' THEN has_database_privilege(thing, privilege)
    WHEN 'n' THEN has_schema_privilege(thing, privilege)
    WHEN 'S' THEN has_sequence_privilege(thing, privilege)
    WHEN 'F' THEN has_function_privilege(thing, privilege)
    WHEN 'D' THEN has_type_privilege(thing, privilege)
    WHEN 'T' THEN has_type_privilege(thing, privilege)
    ELSE has_table_privilege(thing, privilege)
  END
$$;

-- Makes a role a member of another, where the session may, as who it is now; if that were a circle, it takes the circle apart as
-- whoever it can be. The member must still be somebody whom the session can be.
CREATE FUNCTION truth.joins(role text, member text, contexts text[]) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  actor text := current_user; as_new boolean := current_setting('server_version_num')::int >= 160000;
  statement text := format('GRANT %I TO %I', role, member) || CASE WHEN as_new THEN ' WITH INHERIT TRUE, SET TRUE' ELSE '' END;
  context text; link record;
BEGIN
  IF truth.takes(statement) THEN
    RETURN true;
  ELSIF NOT pg_has_role(role, member, 'MEMBER') THEN
    RETURN false;
  END IF;
  FOREACH context IN ARRAY contexts LOOP
    EXECUTE format('SET ROLE %I', context);
    FOR link IN SELECT a.rolname AS role, m.rolname AS member, g.rolname AS grantor
                FROM pg_auth_members l JOIN pg_roles a ON a.oid = l.roleid JOIN pg_roles m ON m.oid = l.member
                     LEFT JOIN pg_roles g ON g.oid = l.grantor
                WHERE pg_has_role(role, l.member, 'MEMBER') AND pg_has_role(l.roleid, member, 'MEMBER') LOOP
      PERFORM truth.takes(format('REVOKE %I FROM %I', link.role, link.member)
                          || CASE WHEN as_new THEN format(' GRANTED BY %I', link.grantor) ELSE '' END || ' CASCADE');
    END LOOP;
  END LOOP;
  EXECUTE format('SET ROLE %I', actor);
  EXECUTE statement;
  EXECUTE format('SET ROLE %I', member);
  EXECUTE format('SET ROLE %I', actor);
  RETURN true;
EXCEPTION WHEN OTHERS THEN
  RETURN false;
END $$;

-- Whom the session can be: by SET ROLE, and by what it may grant itself.
CREATE FUNCTION truth.contexts() RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
  known text[] := ARRAY[session_user::text];
  context text; other text; count int;
BEGIN
  LOOP
    count := cardinality(known);
    FOREACH context IN ARRAY known LOOP
      EXECUTE format('SET ROLE %I', context);
      FOR other IN SELECT rolname FROM pg_roles WHERE rolname <> ALL (known) LOOP
        PERFORM truth.joins(other, session_user, known);
      END LOOP;
    END LOOP;
    SET ROLE NONE;
    FOR other IN SELECT rolname FROM pg_roles WHERE rolname <> ALL (known) ORDER BY 1 LOOP
      IF truth.takes(format('SET ROLE %I', other)) THEN
        known := known || other;
        SET ROLE NONE;
      END IF;
    END LOOP;
    EXIT WHEN cardinality(known) = count;
  END LOOP;
  RETURN known;
END $$;

-- Lets itself into another database, if it may: by what one of its roles may grant, and by roles that may enter.
CREATE FUNCTION truth.enters(database text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  contexts text[] := truth.contexts();
  context text; other text;
BEGIN
  FOREACH context IN ARRAY contexts LOOP
    EXECUTE format('SET ROLE %I', context);
    PERFORM truth.takes(format('GRANT ALL ON DATABASE %I TO %I', database, session_user));
    FOR other IN SELECT rolname FROM pg_roles LOOP
      PERFORM truth.joins(other, session_user, contexts);
    END LOOP;
  END LOOP;
  SET ROLE NONE;
END $$;

CREATE FUNCTION truth.answers(contexts text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  everybody text := (SELECT string_agg(format('%I', c), ', ') FROM unnest(contexts) c);
  context text; other text; answers text[] := '{}'; thing record;
  grantable text[] := '{}'; by_whom text[] := '{}';
BEGIN
  FOREACH context IN ARRAY contexts LOOP
    EXECUTE format('SET ROLE %I', context);
    -- what it may grant: to somebody who is a member of nothing, and so never in a circle
    FOR other IN SELECT rolname FROM pg_roles WHERE rolname <> ALL (grantable) LOOP
      IF truth.takes(format('GRANT %I TO truth_probe', other)) THEN
        grantable := grantable || other;
        by_whom := by_whom || context;
      END IF;
    END LOOP;
    -- what one of its roles may give, all may have
    FOR thing IN SELECT name FROM truth.thing WHERE letter = 'n' LOOP
      PERFORM truth.takes(format('GRANT ALL ON SCHEMA %s TO %s', thing.name, everybody));
    END LOOP;
  END LOOP;
  FOREACH context IN ARRAY contexts LOOP
    BEGIN
      EXECUTE format('SET ROLE %I', context);
      FOR thing IN SELECT keyword, name FROM truth.thing ORDER BY letter <> 'n' LOOP
        PERFORM truth.takes(format('GRANT ALL ON %s %s TO CURRENT_USER', thing.keyword, thing.name));
      END LOOP;
      answers := truth.asked(answers, '{}');
      FOR i IN 1 .. cardinality(grantable) LOOP
        EXECUTE format('SET ROLE %I', by_whom[i]);
        PERFORM truth.joins(grantable[i], context, contexts);
      END LOOP;
      EXECUTE format('SET ROLE %I', context);
      FOR thing IN SELECT keyword, name FROM truth.thing ORDER BY letter <> 'n' LOOP
        PERFORM truth.takes(format('GRANT ALL ON %s %s TO CURRENT_USER', thing.keyword, thing.name));
      END LOOP;
      -- a view whose owner acts with the context has got what the context was granted
      answers := truth.asked(answers, ARRAY(SELECT oid FROM pg_class WHERE relkind = 'v' AND cardinality(grantable) > 0
                                                                         AND pg_has_role(relowner, context, 'USAGE')));
      RAISE EXCEPTION USING ERRCODE = 'TRUTH';
    EXCEPTION WHEN SQLSTATE 'TRUTH' THEN
      NULL;
    END;
  END LOOP;
  SET ROLE NONE;
  RETURN QUERY SELECT unnest(answers);
END $$;

-- What the session can do as who it is now, besides what is known already. What it does through doubtful views is marked.
CREATE FUNCTION truth.asked(known text[], doubtful oid[]) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
  thing record; privilege text; line text; mark text; changed jsonb; attempt record;
BEGIN
  FOR thing IN SELECT * FROM truth.thing LOOP
    -- by ACLs, where the schema may be used
    FOREACH privilege IN ARRAY truth.privileges(thing.letter) LOOP
      line := format('held|%s|%s|%s', thing.letter, thing.name, privilege);
      IF line <> ALL (known) AND truth.has(thing.letter, thing.oid, privilege)
         AND (thing.letter IN ('n', 'd') OR has_schema_privilege(thing.schema, 'USAGE')) THEN
        known := known || line;
      END IF;
    END LOOP;
    CONTINUE WHEN thing.letter NOT IN ('r', 'p', 'v', 'm');
    -- on some column
    FOREACH privilege IN ARRAY ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES'] LOOP
      line := format('some|%s|%s|%s', thing.letter, thing.name, privilege);
      IF line <> ALL (known) AND has_any_column_privilege(thing.oid, privilege) AND has_schema_privilege(thing.schema, 'USAGE') THEN
        known := known || line;
      END IF;
    END LOOP;
    mark := CASE WHEN thing.oid = ANY (doubtful) THEN '?' ELSE '' END;
    FOR attempt IN SELECT * FROM truth.attempts WHERE relation = thing.oid LOOP
      -- the server's check of a whole statement
      line := format('explain|%s|%s|%s', thing.letter, thing.name, attempt.privilege);
      IF line <> ALL (known) AND attempt.privilege <> 'TRUNCATE' AND truth.takes('EXPLAIN ' || attempt.statement) THEN
        known := known || (mark || line);
      END IF;
      -- the statement itself
      CONTINUE WHEN attempt.privilege = 'SELECT';
      line := 'done|' || attempt.statement;
      CONTINUE WHEN line = ANY (known) OR attempt.privilege <> 'TRUNCATE' AND NOT truth.takes('EXPLAIN ' || attempt.statement);
      changed := coalesce(truth.effect(attempt.statement, ''), truth.effect(attempt.statement, 'q3'),
                          truth.effect(attempt.statement, 'q[13]'));
      CONTINUE WHEN changed IS NULL;
      known := known || (mark || line) || coalesce((SELECT array_agg(mark || format('effect|%s|%s|%s|%s|%s', thing.letter, thing.name,
                                                         attempt.privilege, key, value)) FROM jsonb_each_text(changed)), '{}');
    END LOOP;
  END LOOP;
  RETURN known;
END $$;

CREATE FUNCTION truth.privileges(letter text) RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT CASE letter
    WHEN 'd' THEN '{CREATE,TEMPORARY}'::text[]
    WHEN 'n' THEN '{USAGE,CREATE}'::text[]
    WHEN 'S' THEN '{USAGE,SELECT,UPDATE}'::text[]
    WHEN 'F' THEN '{EXECUTE}'::text[]
    WHEN 'D' THEN '{USAGE}'::text[]
    WHEN 'T' THEN '{USAGE}'::text[]
    ELSE '{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]
      || CASE WHEN current_setting('server_version_num')::int >= 170000 THEN '{MAINTAIN}'::text[] ELSE '{}' END
  END
$$;

-- Statements that need one privilege each, on whatever columns.
CREATE VIEW truth.attempts AS
SELECT t.oid AS relation, privilege, statement
FROM truth.thing t,
  LATERAL (
    SELECT 'SELECT' AS privilege, 'SELECT 1 FROM ' || t.name AS statement
    UNION ALL SELECT 'INSERT', 'INSERT INTO ' || t.name || ' DEFAULT VALUES' WHERE t.letter <> 'm'
    UNION ALL SELECT 'INSERT', format('INSERT INTO %s (k) VALUES (%s)', t.name, n) FROM generate_series(1, 3) n, pg_attribute
      WHERE t.letter <> 'm' AND attrelid = t.oid AND attname = 'k'
    UNION ALL SELECT 'UPDATE', format('UPDATE %s SET %I = %s', t.name, attname,
                                      CASE attname WHEN 'id' THEN '77' WHEN 'x' THEN '77' WHEN 'k' THEN '2' ELSE 'NULL' END) FROM pg_attribute
      WHERE t.letter <> 'm' AND attrelid = t.oid AND attnum > 0
    UNION ALL SELECT 'DELETE', 'DELETE FROM ' || t.name WHERE t.letter <> 'm'
    UNION ALL SELECT 'TRUNCATE', 'TRUNCATE ' || t.name WHERE t.letter IN ('r', 'p')
  ) a
WHERE t.letter IN ('r', 'p', 'v', 'm');
GRANT SELECT ON truth.attempts TO PUBLIC;

-- The rows of every table, as the superuser sees them.
CREATE FUNCTION truth.content() RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  query text := (SELECT 'SELECT jsonb_build_object(' || string_agg(format(
      '%L, (SELECT coalesce(jsonb_agg(t::text ORDER BY t::text), ''[]'') FROM ONLY %s t)', name, name), ', ') || ')'
    FROM truth.thing WHERE letter = 'r');
  content jsonb;
BEGIN
  EXECUTE query INTO content;
  RETURN content;
END $$;

-- Takes away foreign keys of other tables, which may stand in the way of a change.
CREATE FUNCTION truth.unlink(tables text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  key record;
BEGIN
  FOR key IN SELECT conrelid::regclass AS relation, conname FROM pg_constraint JOIN pg_class c ON c.oid = conrelid
             WHERE contype = 'f' AND c.relname ~ ('^' || tables || '$') LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', key.relation, key.conname);
  END LOOP;
END $$;
