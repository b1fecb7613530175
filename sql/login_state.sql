-- What decides whether a role's password lets it in, its sessions, and whether RDS asks it for a token instead: then the
-- password no longer counts. An expired password is refused in the same words as a wrong one
-- (src/backend/libpq/crypt.c, get_role_password).
-- $1: the role.
SELECT r.rolcanlogin AS login,
       coalesce(r.rolvaliduntil < pg_catalog.now(), false) AS expired,
       EXISTS (
           SELECT FROM pg_catalog.pg_roles AS iam
           WHERE iam.rolname = 'rds_iam' AND pg_catalog.pg_has_role(r.oid, iam.oid, 'MEMBER') AND NOT r.rolsuper
       ) AS iam,
       (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity AS s WHERE s.usename = r.rolname) AS sessions
FROM pg_catalog.pg_roles AS r
WHERE r.rolname = $1
