-- What may the current role do, as the server itself says? TRUNCATE on tables, CREATE on schemas, EXECUTE on routines, each only where
-- it may use the schema. Any role may ask.
select c.relkind::text as letter, n.nspname::text as schema, c.relname::text as name, '' as args, 'TRUNCATE' as privilege,
       pg_catalog.has_schema_privilege(n.oid, 'USAGE') and pg_catalog.has_table_privilege(c.oid, 'TRUNCATE') as may
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
union all
select 'n', n.nspname::text, n.nspname::text, '', 'CREATE', pg_catalog.has_schema_privilege(n.oid, 'CREATE')
from pg_catalog.pg_namespace n
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
union all
select case p.prokind when 'p' then 'P' when 'a' then 'A' else 'F' end, n.nspname::text, p.proname::text,
       case p.prokind when 'p' then pg_catalog.pg_get_function_identity_arguments(p.oid)
                      else pg_catalog.oidvectortypes(p.proargtypes) end,
       'EXECUTE', pg_catalog.has_schema_privilege(n.oid, 'USAGE') and pg_catalog.has_function_privilege(p.oid, 'EXECUTE')
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
