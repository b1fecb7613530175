-- The schemas of this database, without the system's own. Any role may ask.
select n.oid                                        as oid,
       n.nspname::text                              as name,
       pg_catalog.pg_get_userbyid(n.nspowner)::text as owner,
       coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))::text[] as acl
from pg_catalog.pg_namespace n
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname
