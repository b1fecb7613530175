-- ACLs of the system's own catalogs, views and functions that aren't as initdb made them (pg_init_privs), and of functions that an
-- extension keeps from PUBLIC, such as dblink_connect_u. Any role may ask.
with system (class, oid, sub, object, "column", acl, standard) as (
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, c.oid, 0, array[c.relkind::text, n.nspname::text, c.relname::text, ''], null::text,
         c.relacl, pg_catalog.acldefault('r'::pg_catalog."char", c.relowner)
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.oid < '16384'::pg_catalog.oid and n.nspname = 'pg_catalog' and c.relacl is not null and c.relkind in ('r', 'v')
  union all
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, c.oid, a.attnum::int4, array[c.relkind::text, n.nspname::text, c.relname::text, ''],
         a.attname::text, a.attacl, '{}'::aclitem[]
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_class c on c.oid = a.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.oid < '16384'::pg_catalog.oid and n.nspname = 'pg_catalog' and a.attacl is not null and c.relkind in ('r', 'v')
  union all
  select 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid, p.oid, 0,
         array[case p.prokind when 'p' then 'P' when 'a' then 'A' else 'F' end, n.nspname::text, p.proname::text,
               pg_catalog.oidvectortypes(p.proargtypes)], null::text,
         p.proacl, pg_catalog.acldefault('f'::pg_catalog."char", p.proowner)
  from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where p.oid < '16384'::pg_catalog.oid and n.nspname = 'pg_catalog' and p.proacl is not null
  union all
  select 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid, p.oid, 0,
         array[case p.prokind when 'p' then 'P' when 'a' then 'A' else 'F' end, n.nspname::text, p.proname::text,
               pg_catalog.oidvectortypes(p.proargtypes)], null::text,
         p.proacl, pg_catalog.acldefault('f'::pg_catalog."char", p.proowner)
  from pg_catalog.pg_init_privs e
  join pg_catalog.pg_proc p on p.oid = e.objoid join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where e.classoid = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid and e.privtype = 'e'
)
select s.object, s."column", s.acl::text[] as acl, coalesce(i.initprivs, s.standard)::text[] as initial
from system s
left join pg_catalog.pg_init_privs i on i.classoid = s.class and i.objoid = s.oid and i.objsubid = s.sub
where s.acl::text is distinct from coalesce(i.initprivs, s.standard)::text
order by 1, 2
