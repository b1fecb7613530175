-- Triggers that fire: the events (tgtype: 4 insert, 8 delete, 16 update, 32 truncate), and whose function runs. Without the system's
-- own functions, and extensions' that are superusers': anybody can make what he owns a member of his extension. Any role may ask.
select t.tgname::text                                               as name,
       array[c.relkind::text, n.nspname::text, c.relname::text, ''] as relation,
       t.tgtype::int4                                               as events,
       array['F', s.nspname::text, p.proname::text, '']             as function,
       pg_catalog.pg_get_userbyid(p.proowner)::text                 as owner,
       p.prosecdef                                                  as definer
from pg_catalog.pg_trigger t
join pg_catalog.pg_class c on c.oid = t.tgrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_proc p on p.oid = t.tgfoid and p.oid >= '16384'::pg_catalog.oid
join pg_catalog.pg_namespace s on s.oid = p.pronamespace
where not t.tgisinternal and t.tgenabled <> 'D' and (p.proowner <> c.relowner or p.prosecdef)
  and not (exists (select from pg_catalog.pg_depend d
                   where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid and d.objid = p.oid and d.deptype = 'e')
           and exists (select from pg_catalog.pg_roles r where r.oid = p.proowner and r.rolsuper))
order by 2, 1
