-- The schemas of this database, without the system's own. Any role may ask.
select n.oid                                        as oid,
       n.nspname::text                              as name,
       pg_catalog.pg_get_userbyid(n.nspowner)::text as owner,
       coalesce(n.nspacl, pg_catalog.acldefault('n'::pg_catalog."char", n.nspowner))::text[] as acl
from pg_catalog.pg_namespace n
where n.nspname !~ '^pg_'::pg_catalog.text and n.nspname <> 'information_schema'
order by n.nspname
