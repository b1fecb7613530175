-- Routines that run with their owner's rights (SECURITY DEFINER), and aggregates with such a support function: who may execute the aggregate
-- runs it, since the aggregate's owner is asked for EXECUTE on it. Besides, where nobody at all is asked: support functions of a range type, for
-- whoever uses the type; of an operator class, for whoever uses its type or its schema; and of an index, for whoever writes to its table
-- ("through"). With the schemas of its search_path, where that is set ($user is the owner inside), and whether pg_temp stands at its end
-- alone: else somebody's temporary table may stand before what it means.
-- Without extensions' own, which are superusers': anybody can make what he owns a member of his extension. Any role may ask.
with support_of_class (class, support) as (
  select c.oid, a.amproc::pg_catalog.oid
  from pg_catalog.pg_opclass c
  join pg_catalog.pg_amproc a on a.amprocfamily = c.opcfamily
  join pg_catalog.pg_proc s on s.oid = a.amproc::pg_catalog.oid and s.prosecdef
), support_of_type (type, support) as (
  select r.rngtypid, s.oid
  from pg_catalog.pg_range r
  cross join lateral (values (r.rngcanonical::pg_catalog.oid), (r.rngsubdiff::pg_catalog.oid)) as s(oid)
  where s.oid <> '0'::pg_catalog.oid
  union
  select r.rngtypid, c.support
  from pg_catalog.pg_range r
  join support_of_class c on c.class = r.rngsubopc
  union
  -- what makes json of a value calls the type's cast
  select c.castsource, c.castfunc
  from pg_catalog.pg_cast c
  where c.castfunc >= '16384'::pg_catalog.oid
    and (c.casttarget = 'pg_catalog.json'::pg_catalog.regtype::pg_catalog.oid
         or c.casttarget = 'pg_catalog.jsonb'::pg_catalog.regtype::pg_catalog.oid)
  union
  select o.opcintype, c.support
  from support_of_class c join pg_catalog.pg_opclass o on o.oid = c.class
  union
  select t.oid, s.oid
  from pg_catalog.pg_type t
  cross join lateral (values (t.typinput::pg_catalog.oid), (t.typoutput::pg_catalog.oid), (t.typreceive::pg_catalog.oid),
                             (t.typsend::pg_catalog.oid), (t.typmodin::pg_catalog.oid), (t.typmodout::pg_catalog.oid),
                             (t.typanalyze::pg_catalog.oid)) as s(oid)
  where t.oid >= '16384'::pg_catalog.oid and s.oid >= '16384'::pg_catalog.oid
), code (routine, support, through) as (
  select p.oid, p.oid, null::pg_catalog.text[] from pg_catalog.pg_proc p where p.prosecdef
  union
  select a.aggfnoid::pg_catalog.oid, s.oid, null
  from pg_catalog.pg_aggregate a
  cross join lateral (values (a.aggtransfn::oid), (a.aggfinalfn::oid), (a.aggcombinefn::oid), (a.aggserialfn::oid), (a.aggdeserialfn::oid),
                             (a.aggmtransfn::oid), (a.aggminvtransfn::oid), (a.aggmfinalfn::oid)) as s(oid)
  where a.aggfnoid::pg_catalog.oid >= '16384'::pg_catalog.oid
  union
  select s.support, s.support, array['T', n.nspname::pg_catalog.text, t.typname::pg_catalog.text, '']
  from support_of_type s
  join pg_catalog.pg_type t on t.oid = s.type
  join pg_catalog.pg_namespace n on n.oid = t.typnamespace
  union
  select s.support, s.support, array['n', n.nspname::pg_catalog.text, n.nspname::pg_catalog.text, '']
  from support_of_class s
  join pg_catalog.pg_opclass c on c.oid = s.class
  join pg_catalog.pg_namespace n on n.oid = c.opcnamespace
  union
  select v.conproc::pg_catalog.oid, v.conproc::pg_catalog.oid, array['n', n.nspname::pg_catalog.text, n.nspname::pg_catalog.text, '']
  from pg_catalog.pg_conversion v
  join pg_catalog.pg_namespace n on n.oid = v.connamespace
  where v.conproc::pg_catalog.oid >= '16384'::pg_catalog.oid
  union
  select s.support, s.support, array[t.relkind::pg_catalog.text, n.nspname::pg_catalog.text, t.relname::pg_catalog.text, '']
  from (select i.indrelid, c.support
        from pg_catalog.pg_index i
        -- an oidvector counts from 0
        cross join pg_catalog.generate_series('0'::pg_catalog.int4, i.indnkeyatts - '1'::pg_catalog.int4) as k(at)
        join support_of_class c on c.class = i.indclass[k.at]
        union
        select i.indrelid, y.support
        from support_of_type y
        join pg_catalog.pg_attribute a on a.atttypid = y.type
        join pg_catalog.pg_index i on i.indexrelid = a.attrelid) s
  join pg_catalog.pg_class t on t.oid = s.indrelid
  join pg_catalog.pg_namespace n on n.oid = t.relnamespace
)
select distinct
       array[case p.prokind when 'p' then 'P' when 'a' then 'A' else 'F' end, n.nspname::text, p.proname::text,
             case p.prokind when 'p' then pg_catalog.pg_get_function_identity_arguments(p.oid)
                            else pg_catalog.oidvectortypes(p.proargtypes) end] as routine,
       pg_catalog.pg_get_userbyid(s.proowner)::text                           as owner,
       coalesce(c.safe, false)                                                as safe,
       c.path                                                                 as path,
       code.through                                                           as through
from code
join pg_catalog.pg_proc p on p.oid = code.routine
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
join pg_catalog.pg_proc s on s.oid = code.support and s.prosecdef
cross join lateral (
  with entry as (
    select m.at, case when m.name[1] is null then pg_catalog.lower(m.name[2])
                      when m.name[1] = '$user' then pg_catalog.pg_get_userbyid(s.proowner)::text
                      else pg_catalog.replace(m.name[1], '""', '"') end as schema
    -- what splits options splits settings, and isn't polymorphic as unnest is
    from pg_catalog.pg_options_to_table(s.proconfig) as g
    cross join pg_catalog.regexp_matches(g.option_value, '"((?:[^"]|"")*)"|([^",\s]+)', 'g') with ordinality as m(name, at)
    where g.option_name = 'search_path'
  )
  select array(select e.schema from entry e order by e.at) as path,
         (select pg_catalog.min(case when e.schema = 'pg_temp' then e.at end) = pg_catalog.max(e.at) from entry e) as safe
) c
where n.nspname !~ '^pg_'::pg_catalog.text and n.nspname <> 'information_schema'
  and not (exists (select from pg_catalog.pg_depend d
                   where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid and d.objid = p.oid and d.deptype = 'e')
           and exists (select from pg_catalog.pg_roles r where r.oid = p.proowner and r.rolsuper))
order by 1, 2, 3, 4, 5
