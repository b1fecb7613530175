-- Routines that run with their owner's rights (SECURITY DEFINER), and aggregates with such a support function: who may execute the aggregate
-- runs it, since the aggregate's owner is asked for EXECUTE on it. With the schemas of its search_path, where that is set ($user is
-- the owner inside), and whether pg_temp stands at its end alone: else somebody's temporary table may stand before what it means.
-- Without extensions' own, which are superusers': anybody can make what he owns a member of his extension. Any role may ask.
with code (routine, support) as (
  select p.oid, p.oid from pg_catalog.pg_proc p where p.prosecdef
  union
  select a.aggfnoid::oid, s.oid
  from pg_catalog.pg_aggregate a
  cross join pg_catalog.unnest(array[a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn,
                                     a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn]::oid[]) as s(oid)
  where a.aggfnoid::oid >= 16384
)
select distinct
       array[case p.prokind when 'p' then 'P' when 'a' then 'A' else 'F' end, n.nspname::text, p.proname::text,
             case p.prokind when 'p' then pg_catalog.pg_get_function_identity_arguments(p.oid)
                            else pg_catalog.oidvectortypes(p.proargtypes) end] as routine,
       pg_catalog.pg_get_userbyid(s.proowner)::text                           as owner,
       coalesce(pg_catalog.array_position(c.path, 'pg_temp') = pg_catalog.cardinality(c.path), false) as safe,
       c.path                                                                 as path
from code
join pg_catalog.pg_proc p on p.oid = code.routine
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
join pg_catalog.pg_proc s on s.oid = code.support and s.prosecdef
cross join lateral (
  select array(select case when m.name[1] is null then pg_catalog.lower(m.name[2])
                           when m.name[1] = '$user' then pg_catalog.pg_get_userbyid(s.proowner)::text
                           else pg_catalog.replace(m.name[1], '""', '"') end
               from pg_catalog.unnest(s.proconfig) as g(item)
               cross join pg_catalog.regexp_matches(pg_catalog.substr(g.item, 13), '"((?:[^"]|"")*)"|([^",\s]+)', 'g')
                          with ordinality as m(name, at)
               where g.item ~ '^search_path='
               order by m.at) as path
) c
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not (exists (select from pg_catalog.pg_depend d
                   where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objid = p.oid and d.deptype = 'e')
           and exists (select from pg_catalog.pg_roles r where r.oid = p.proowner and r.rolsuper))
order by 1, 2, 3, 4
