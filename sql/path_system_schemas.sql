-- The schemas that every search_path begins with, or that SQL names: their owners, and who may do what in them. Any role may ask.
select n.nspname::pg_catalog.text                                    as name,
       pg_catalog.pg_get_userbyid(n.nspowner)::pg_catalog.text       as owner,
       coalesce(n.nspacl, pg_catalog.acldefault('n'::pg_catalog."char", n.nspowner))::pg_catalog.text[] as acl
from pg_catalog.pg_namespace n
where n.nspname = any (array['pg_catalog', 'information_schema']::pg_catalog.name[])
order by 1
