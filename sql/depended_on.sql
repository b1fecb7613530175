-- Relations of one owner on which something of another owner's in another schema hangs, so that it goes when they are dropped with CASCADE: views,
-- defaults by a sequence, bound bodies, policies, columns of a table's row type. Not foreign keys. Without what superusers own. Any role may ask.
with edge as materialized (
  select d.refclassid, d.refobjid, d.classid, d.objid
  from pg_catalog.pg_depend d
  where d.deptype = 'n'::pg_catalog."char" and d.refobjid >= '16384'::pg_catalog.oid
    and (d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid
         or d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid)
), relation as (
  -- a row type, or an array of it, stands for its table
  select e.classid, e.objid,
         case when e.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid then e.refobjid
              else coalesce(nullif(y.typrelid, '0'::pg_catalog.oid), i.typrelid) end as oid
  from edge e
  left join pg_catalog.pg_type y on e.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid and y.oid = e.refobjid
  left join pg_catalog.pg_type i on i.oid = y.typelem and y.typelem <> '0'::pg_catalog.oid
), dependent as (
  select r.oid,
         case r.classid
           when 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid then r.objid
           when 'pg_catalog.pg_rewrite'::pg_catalog.regclass::pg_catalog.oid
             then (select w.ev_class from pg_catalog.pg_rewrite w where w.oid = r.objid)
           when 'pg_catalog.pg_attrdef'::pg_catalog.regclass::pg_catalog.oid
             then (select a.adrelid from pg_catalog.pg_attrdef a where a.oid = r.objid)
           when 'pg_catalog.pg_policy'::pg_catalog.regclass::pg_catalog.oid
             then (select l.polrelid from pg_catalog.pg_policy l where l.oid = r.objid)
           when 'pg_catalog.pg_trigger'::pg_catalog.regclass::pg_catalog.oid
             then (select t.tgrelid from pg_catalog.pg_trigger t where t.oid = r.objid and not t.tgisinternal)
           when 'pg_catalog.pg_constraint'::pg_catalog.regclass::pg_catalog.oid
             then (select k.conrelid from pg_catalog.pg_constraint k where k.oid = r.objid and k.contype <> 'f'::pg_catalog."char")
         end as relation,
         case when r.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid then r.objid end as routine
  from relation r
)
select distinct
       array[c.relkind::pg_catalog.text, n.nspname::pg_catalog.text, c.relname::pg_catalog.text, ''::pg_catalog.text] as object,
       pg_catalog.pg_get_userbyid(c.relowner)::pg_catalog.text                                                      as owner,
       s.nspname::pg_catalog.text                                                                                   as "user"
from dependent d
join pg_catalog.pg_class c on c.oid = d.oid and c.relkind = any ('{r,p,v,m,f,S}'::pg_catalog."char"[])
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_class u on u.oid = d.relation
left join pg_catalog.pg_proc p on p.oid = d.routine
join pg_catalog.pg_namespace s on s.oid = coalesce(u.relnamespace, p.pronamespace)
where coalesce(u.relowner, p.proowner) <> c.relowner and s.oid <> n.oid
  and not exists (select from pg_catalog.pg_roles r where r.oid = c.relowner and r.rolsuper)
order by 1, 2, 3
