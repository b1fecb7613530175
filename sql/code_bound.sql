-- SECURITY DEFINER routines that do only what their text says to which table: their body is bound (BEGIN ATOMIC), calls nothing but the
-- server's own functions that run no text and write nothing, and names plain tables alone, without triggers, rules, children or foreign keys
-- that carry a change further. A row a table; one without a table where none is named. From 14 on. Any role may ask.
with body as materialized (
  select p.oid, p.prokind, n.nspname, p.proname, p.proargtypes, p.prosqlbody::pg_catalog.text as text
  from pg_catalog.pg_proc p
  join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where p.prosecdef and p.prosqlbody is not null and p.oid >= '16384'::pg_catalog.oid
), called as materialized (
  select b.oid, m.words[1] as what, m.words[2]::pg_catalog.oid as number
  from body b
  cross join lateral pg_catalog.regexp_matches(b.text, ':(funcid|aggfnoid|winfnoid|elemfuncid|opno|eqop|sortop) ([0-9]+)'::pg_catalog.text,
                                               'g'::pg_catalog.text) as m(words)
), harmless as materialized (
  select p.oid
  from pg_catalog.pg_proc p
  where p.oid < '16384'::pg_catalog.oid
    and (p.provolatile = 'i'::pg_catalog."char"
         or p.provolatile = 's'::pg_catalog."char" and p.proname::pg_catalog.text !~ '_to_xml|^pg_stat_get'::pg_catalog.text
         or p.proname = any ('{nextval,currval,lastval,random,clock_timestamp,timeofday,gen_random_uuid,uuidv4,uuidv7}'::pg_catalog.name[]))
), other as (
  select c.oid
  from called c
  left join pg_catalog.pg_operator o
    on o.oid = c.number and c.what = any ('{opno,eqop,sortop}'::pg_catalog.text[])
  where c.number <> '0'::pg_catalog.oid
    and coalesce(o.oprcode::pg_catalog.oid, c.number) not in (select h.oid from harmless h)
), named as (
  select b.oid, c.oid as relation, c.relkind, n.nspname, c.relname,
         c.relkind = 'r'::pg_catalog."char" and not c.relhasrules and not c.relhassubclass
         and not exists (select from pg_catalog.pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal)
         and not exists (select from pg_catalog.pg_constraint k
                         where k.confrelid = c.oid and k.contype = 'f'::pg_catalog."char"
                           and (k.confdeltype = any ('{c,n,d}'::pg_catalog."char"[]) or k.confupdtype = any ('{c,n,d}'::pg_catalog."char"[])))
           as plain
  from body b
  join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid and d.objid = b.oid
                             and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid
  join pg_catalog.pg_class c on c.oid = d.refobjid and c.relkind <> 'S'::pg_catalog."char"
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
)
select distinct
       array[case b.prokind when 'p'::pg_catalog."char" then 'P'::pg_catalog.text when 'a'::pg_catalog."char" then 'A'::pg_catalog.text
                            else 'F'::pg_catalog.text end,
             b.nspname::pg_catalog.text, b.proname::pg_catalog.text,
             case b.prokind when 'p'::pg_catalog."char" then pg_catalog.pg_get_function_identity_arguments(b.oid)
                            else pg_catalog.oidvectortypes(b.proargtypes) end] as routine,
       case when r.relation is not null
            then array[r.relkind::pg_catalog.text, r.nspname::pg_catalog.text, r.relname::pg_catalog.text, ''::pg_catalog.text] end as relation
from body b
left join named r on r.oid = b.oid
where b.oid not in (select o.oid from other o)
  and not exists (select from named u where u.oid = b.oid and not u.plain)
order by 1, 2
