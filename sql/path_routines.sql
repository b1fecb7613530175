-- Routines with a search_path of their own (SET search_path), the path as it is stored, and whether "$user" in it is their owner (SECURITY
-- DEFINER). Without extensions' own, which are superusers': anybody can make what he owns a member of his extension. Any role may ask.
select array[case p.prokind when 'p'::pg_catalog."char" then 'P'::pg_catalog.text
                            when 'a'::pg_catalog."char" then 'A'::pg_catalog.text
                            else 'F'::pg_catalog.text end,
             n.nspname::pg_catalog.text, p.proname::pg_catalog.text,
             case p.prokind when 'p'::pg_catalog."char" then pg_catalog.pg_get_function_identity_arguments(p.oid)
                            else pg_catalog.oidvectortypes(p.proargtypes) end] as routine,
       pg_catalog.pg_get_userbyid(p.proowner)::pg_catalog.text                 as owner,
       p.prosecdef                                                             as definer,
       g.option_value                                                          as path
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
-- what splits options splits settings, and isn't polymorphic as unnest is
cross join lateral pg_catalog.pg_options_to_table(p.proconfig) as g
where p.oid >= '16384'::pg_catalog.oid and g.option_name = 'search_path'::pg_catalog.text
  and not (exists (select from pg_catalog.pg_depend d
                   where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid and d.objid = p.oid
                     and d.deptype = 'e'::pg_catalog."char")
           and exists (select from pg_catalog.pg_roles r where r.oid = p.proowner and r.rolsuper))
order by 1
