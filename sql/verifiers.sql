-- What the server keeps of passwords: nothing that logs in by itself, but what pgbouncer must know to let logins through by
-- SCRAM. Superusers alone may ask.
-- $1: the roles.
SELECT a.rolname::text AS name, a.rolpassword AS verifier
FROM pg_catalog.pg_authid AS a
WHERE a.rolname::text = ANY ($1::text[])
ORDER BY a.rolname
