-- Event triggers that fire, and whose function each runs. Without extensions' own, whose function is a superuser's. Any role may ask.
select e.evtname::text                                  as name,
       array['F', n.nspname::text, p.proname::text, ''] as function,
       pg_catalog.pg_get_userbyid(p.proowner)::text     as owner
from pg_catalog.pg_event_trigger e
join pg_catalog.pg_proc p on p.oid = e.evtfoid
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
where e.evtenabled <> 'D'
  and not (exists (select from pg_catalog.pg_depend d
                   where d.classid = 'pg_catalog.pg_event_trigger'::pg_catalog.regclass::pg_catalog.oid and d.objid = e.oid and d.deptype = 'e')
           and exists (select from pg_catalog.pg_roles r where r.oid = p.proowner and r.rolsuper))
order by 1
