-- Types and domains that can be granted: not the row types of tables, nor array and multirange types, whose privileges are
-- those of their element. Any role may ask.
select t.oid                                        as oid,
       n.nspname::text                              as schema,
       t.typname::text                              as name,
       case t.typtype when 'd' then 'D' else 'T' end::"char" as letter,
       pg_catalog.pg_get_userbyid(t.typowner)::text as owner,
       coalesce(t.typacl, pg_catalog.acldefault('T'::pg_catalog."char", t.typowner))::text[] as acl
from pg_catalog.pg_type t
join pg_catalog.pg_namespace n on n.oid = t.typnamespace
where n.nspname !~ '^pg_'::pg_catalog.text and n.nspname <> 'information_schema'
  and case t.typtype
        when 'c' then t.typrelid in (select c.oid from pg_catalog.pg_class c where c.relkind = 'c')
        when 'b' then t.typcategory <> 'A' or t.typelem = '0'::pg_catalog.oid
        else t.typtype in ('d', 'e', 'r')
      end
order by 2, 3
