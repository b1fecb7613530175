-- A column of each table of this database, for an UPDATE to name; all of those that have an ACL of their own. Any role may ask.
select n.nspname::text as schema, c.relname::text as name, a.attname::text as "column"
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and (a.attacl is not null
       or a.attnum = (select pg_catalog.min(f.attnum) from pg_catalog.pg_attribute f
                      where f.attrelid = c.oid and f.attnum > 0 and not f.attisdropped))
order by 1, 2, 3
