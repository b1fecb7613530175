-- Is pg_catalog the server's own? Who besides superusers owns pg_catalog or information_schema, may create in them, or owns what
-- stands in pg_catalog: a function there with other argument types can win over the server's own in any question. This is the first
-- question of each session, so every function, operator and literal in it has exactly the types of the server's own, and an exact match
-- can't be outdone. Any role may ask. No row: nobody.
select 'owner'::pg_catalog.text                                as kind,
       pg_catalog.quote_ident(n.nspname::pg_catalog.text)      as object,
       n.nspowner::pg_catalog.regrole::pg_catalog.text         as role
from pg_catalog.pg_namespace n
where (n.nspname operator(pg_catalog.=) 'pg_catalog'::pg_catalog.name
       or n.nspname operator(pg_catalog.=) 'information_schema'::pg_catalog.name)
  and not exists (select from pg_catalog.pg_roles r where r.oid operator(pg_catalog.=) n.nspowner and r.rolsuper)
union all
select 'create'::pg_catalog.text,
       pg_catalog.quote_ident(n.nspname::pg_catalog.text),
       case when a.grantee operator(pg_catalog.=) '0'::pg_catalog.oid then 'PUBLIC'::pg_catalog.text
            else a.grantee::pg_catalog.regrole::pg_catalog.text end
from pg_catalog.pg_namespace n
cross join lateral pg_catalog.aclexplode(n.nspacl) a
where (n.nspname operator(pg_catalog.=) 'pg_catalog'::pg_catalog.name
       or n.nspname operator(pg_catalog.=) 'information_schema'::pg_catalog.name)
  and a.privilege_type operator(pg_catalog.=) 'CREATE'::pg_catalog.text and a.grantee operator(pg_catalog.<>) n.nspowner
  and not exists (select from pg_catalog.pg_roles r where r.oid operator(pg_catalog.=) a.grantee and r.rolsuper)
union all
(select pg_catalog.upper(i.type), i.identity, x.owner::pg_catalog.regrole::pg_catalog.text
 from (select 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid, p.oid, p.pronamespace, p.proowner from pg_catalog.pg_proc p
       union all
       select 'pg_catalog.pg_operator'::pg_catalog.regclass::pg_catalog.oid, o.oid, o.oprnamespace, o.oprowner
       from pg_catalog.pg_operator o
       union all
       select 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, t.oid, t.typnamespace, t.typowner
       from pg_catalog.pg_type t
       where t.typrelid operator(pg_catalog.=) '0'::pg_catalog.oid
         and t.typcategory operator(pg_catalog.<>) 'A'::pg_catalog."char"
       union all
       select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, c.oid, c.relnamespace, c.relowner
       from pg_catalog.pg_class c) as x(class, oid, namespace, owner)
 cross join lateral pg_catalog.pg_identify_object(x.class, x.oid, '0'::pg_catalog.int4) i
 -- 11 is pg_catalog
 where x.namespace operator(pg_catalog.=) '11'::pg_catalog.oid
   and not exists (select from pg_catalog.pg_roles r where r.oid operator(pg_catalog.=) x.owner and r.rolsuper)
 limit '20'::pg_catalog.int8)
