-- Tables, partitioned tables, views, materialized views, foreign tables and sequences, grouped where schema, kind, owner
-- and ACL repeat, because turning an ACL into text is what costs (it looks up every name). Any role may ask.
-- The names of a group are in no order: the reader sorts them.
select n.nspname::text                              as schema,
       g.relkind                                    as letter,
       pg_catalog.pg_get_userbyid(g.relowner)::text as owner,
       coalesce(g.relacl,
                pg_catalog.acldefault(case g.relkind when 'S' then 's' else 'r' end::"char", g.relowner))::text[] as acl,
       g.oids,
       g.names
from (
  select c.relnamespace, c.relkind, c.relowner, c.relacl,
         ('{' || pg_catalog.string_agg(c.oid::text, ',') || '}')::oid[] as oids,
         ('{"' || pg_catalog.string_agg(pg_catalog.replace(pg_catalog.replace(c.relname::text, '\', '\\'), '"', '\"'), '","')
          || '"}')::text[] as names
  from pg_catalog.pg_class c
  where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    and c.relnamespace not in (select s.oid from pg_catalog.pg_namespace s
                               where s.nspname ~ '^pg_'::pg_catalog.text or s.nspname = 'information_schema')
  group by c.relnamespace, c.relkind, c.relowner, c.relacl
) g
join pg_catalog.pg_namespace n on n.oid = g.relnamespace
order by 1, 2, 3, 4
