-- May the session become the role $1 (SET ROLE)? No row where there is no such role. Any role may ask.
-- From 16 on a membership may be without SET, which pg_has_role knows by that name only there.
select pg_catalog.pg_has_role(session_user, r.oid,
                              case when pg_catalog.current_setting('server_version_num')::int4 >= 160000
                                   then 'SET' else 'MEMBER' end)
from pg_catalog.pg_roles r
where r.rolname = $1::text
