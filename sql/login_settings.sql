-- What is set for the sessions of a role, in any database, for itself or for everybody, and what the session that asks has in its place: that one
-- works. Parameters that pg_settings doesn't show, such as those that no library has defined, have none. Any role may ask.
-- $1: the role.
SELECT DISTINCT
       c.option_name::pg_catalog.text AS parameter,
       p.reset_val                    AS value,
       p.context                      AS context
FROM pg_catalog.pg_db_role_setting AS s
CROSS JOIN LATERAL pg_catalog.pg_options_to_table(s.setconfig) AS c
LEFT JOIN pg_catalog.pg_settings AS p ON pg_catalog.lower(p.name) = pg_catalog.lower(c.option_name)
WHERE s.setrole = '0'::pg_catalog.oid
   OR s.setrole = (SELECT r.oid FROM pg_catalog.pg_roles AS r WHERE r.rolname = $1::pg_catalog.name)
ORDER BY 1
