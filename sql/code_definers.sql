-- Routines that run with their owner's rights (SECURITY DEFINER), and whether each has a search_path that ends in pg_temp: else
-- somebody's temporary table may stand before what it means. Without extensions' own. Any role may ask.
select array[case p.prokind when 'p' then 'P' when 'a' then 'A' else 'F' end, n.nspname::text, p.proname::text,
             case p.prokind when 'p' then pg_catalog.pg_get_function_identity_arguments(p.oid)
                            else pg_catalog.oidvectortypes(p.proargtypes) end] as routine,
       pg_catalog.pg_get_userbyid(p.proowner)::text                           as owner,
       exists (select from pg_catalog.unnest(p.proconfig) as c(item)
               where c.item ~ '^search_path=(.*,)? *"?pg_temp"? *$')           as safe
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
where p.prosecdef and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (select from pg_catalog.pg_depend d
                  where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objid = p.oid and d.deptype = 'e')
order by 1
