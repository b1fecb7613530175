-- What may the current role do with the objects $1 (schemas) and $2 (names), which are $3, as the server itself says? On tables and views a right on a
-- single column counts. Only what stands in a schema that it may use. It reads catalogs alone: no code of anybody's runs. Any role may ask.
with asked as (
  select n.oid as schema, n.nspname::text as nspname, a.name
  from (select ($1::text[])[i], ($2::text[])[i] from pg_catalog.generate_series('1'::pg_catalog.int4, $3::pg_catalog.int4) i) as a(schema, name)
  join pg_catalog.pg_namespace n on n.nspname = a.schema
)
select c.relkind::text as letter, a.nspname as schema, a.name, '' as args, p.privilege,
       pg_catalog.has_schema_privilege(a.schema, 'USAGE')
       and case when c.relkind = 'S' then pg_catalog.has_sequence_privilege(c.oid, p.privilege)
                when p.privilege in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
                then pg_catalog.has_any_column_privilege(c.oid, p.privilege)
                else pg_catalog.has_table_privilege(c.oid, p.privilege) end as may
from asked a
join pg_catalog.pg_class c on c.relnamespace = a.schema and c.relname = a.name
join (values ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('REFERENCES'), ('TRIGGER'), ('USAGE')) as p(privilege)
  on case when c.relkind = 'S' then p.privilege in ('SELECT', 'UPDATE', 'USAGE') else p.privilege <> 'USAGE' end
where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
union all
select 'n', a.nspname, a.name, '', p.privilege, pg_catalog.has_schema_privilege(a.schema, p.privilege)
from asked a
cross join (values ('USAGE'), ('CREATE')) as p(privilege)
where a.name = a.nspname
union all
select case f.prokind when 'p' then 'P' when 'a' then 'A' else 'F' end, a.nspname, a.name,
       case f.prokind when 'p' then pg_catalog.pg_get_function_identity_arguments(f.oid)
                      else pg_catalog.oidvectortypes(f.proargtypes) end,
       'EXECUTE', pg_catalog.has_schema_privilege(a.schema, 'USAGE') and pg_catalog.has_function_privilege(f.oid, 'EXECUTE')
from asked a
join pg_catalog.pg_proc f on f.pronamespace = a.schema and f.proname = a.name
