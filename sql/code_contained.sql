-- Schemas whose owner, no superuser, may drop what another owns there (who owns a schema may drop all that is in it), on which something in
-- another schema hangs; and the schemas of that. An extension is its schema's, and its members are its. Not foreign keys. Any role may ask.
with schema (oid, owner) as (
  select n.oid, n.nspowner
  from pg_catalog.pg_namespace n
  where n.nspname !~ '^pg_'::pg_catalog.text
    and not exists (select
                    from pg_catalog.pg_roles r
                    join pg_catalog.pg_database b on b.datname = pg_catalog.current_database()
                    where r.rolsuper
                      and r.oid = case pg_catalog.pg_get_userbyid(n.nspowner)
                                    when 'pg_database_owner'::pg_catalog.name then b.datdba else n.nspowner end)
), content (class, oid, schema) as (
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, c.oid, s.oid
  from schema s
  join pg_catalog.pg_class c on c.relnamespace = s.oid and c.relowner <> s.owner and c.relkind = any ('{r,p,v,m,f,S}'::pg_catalog."char"[])
  union all
  select 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, t.oid, s.oid
  from schema s join pg_catalog.pg_type t on t.typnamespace = s.oid and t.typowner <> s.owner
  union all
  select 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid, p.oid, s.oid
  from schema s join pg_catalog.pg_proc p on p.pronamespace = s.oid and p.proowner <> s.owner
  union all
  select 'pg_catalog.pg_operator'::pg_catalog.regclass::pg_catalog.oid, o.oid, s.oid
  from schema s join pg_catalog.pg_operator o on o.oprnamespace = s.oid and o.oprowner <> s.owner
  union all
  select 'pg_catalog.pg_opclass'::pg_catalog.regclass::pg_catalog.oid, o.oid, s.oid
  from schema s join pg_catalog.pg_opclass o on o.opcnamespace = s.oid and o.opcowner <> s.owner
  union all
  select 'pg_catalog.pg_opfamily'::pg_catalog.regclass::pg_catalog.oid, o.oid, s.oid
  from schema s join pg_catalog.pg_opfamily o on o.opfnamespace = s.oid and o.opfowner <> s.owner
  union all
  select 'pg_catalog.pg_collation'::pg_catalog.regclass::pg_catalog.oid, o.oid, s.oid
  from schema s join pg_catalog.pg_collation o on o.collnamespace = s.oid and o.collowner <> s.owner
  union all
  select 'pg_catalog.pg_ts_dict'::pg_catalog.regclass::pg_catalog.oid, o.oid, s.oid
  from schema s join pg_catalog.pg_ts_dict o on o.dictnamespace = s.oid and o.dictowner <> s.owner
  union all
  select 'pg_catalog.pg_ts_config'::pg_catalog.regclass::pg_catalog.oid, o.oid, s.oid
  from schema s join pg_catalog.pg_ts_config o on o.cfgnamespace = s.oid and o.cfgowner <> s.owner
  union all
  -- these are nobody's, and only superusers make them
  select 'pg_catalog.pg_ts_parser'::pg_catalog.regclass::pg_catalog.oid, o.oid, s.oid
  from schema s join pg_catalog.pg_ts_parser o on o.prsnamespace = s.oid
  union all
  select 'pg_catalog.pg_ts_template'::pg_catalog.regclass::pg_catalog.oid, o.oid, s.oid
  from schema s join pg_catalog.pg_ts_template o on o.tmplnamespace = s.oid
  union all
  select d.classid, d.objid, s.oid
  from schema s
  join pg_catalog.pg_extension e on e.extnamespace = s.oid and e.extowner <> s.owner
  join pg_catalog.pg_depend d on d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass::pg_catalog.oid and d.refobjid = e.oid
    and d.deptype = 'e'::pg_catalog."char"
), dependent (schema, class, id, relation) as (
  select distinct c.schema, d.classid, d.objid,
         case d.classid
           when 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid then d.objid
           when 'pg_catalog.pg_rewrite'::pg_catalog.regclass::pg_catalog.oid
             then (select w.ev_class from pg_catalog.pg_rewrite w where w.oid = d.objid)
           when 'pg_catalog.pg_attrdef'::pg_catalog.regclass::pg_catalog.oid
             then (select a.adrelid from pg_catalog.pg_attrdef a where a.oid = d.objid)
           when 'pg_catalog.pg_policy'::pg_catalog.regclass::pg_catalog.oid
             then (select l.polrelid from pg_catalog.pg_policy l where l.oid = d.objid)
           when 'pg_catalog.pg_trigger'::pg_catalog.regclass::pg_catalog.oid
             then (select t.tgrelid from pg_catalog.pg_trigger t where t.oid = d.objid)
           when 'pg_catalog.pg_constraint'::pg_catalog.regclass::pg_catalog.oid
             then (select k.conrelid from pg_catalog.pg_constraint k where k.oid = d.objid)
         end
  from content c
  join pg_catalog.pg_depend d on d.refclassid = c.class and d.refobjid = c.oid and d.deptype = any ('{n,a}'::pg_catalog."char"[])
  where not (d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass::pg_catalog.oid
             and exists (select from pg_catalog.pg_constraint k where k.oid = d.objid and k.contype = 'f'::pg_catalog."char"))
), place (schema, "user") as (
  select distinct d.schema, r.relnamespace
  from dependent d join pg_catalog.pg_class r on r.oid = d.relation
  union
  -- what is in no table: a view's own rule apart, by the name that the server has for it
  select d.schema, n.oid
  from dependent d
  cross join lateral pg_catalog.pg_identify_object(d.class, d.id, 0) i
  join pg_catalog.pg_namespace n on n.nspname = (pg_catalog.parse_ident(i.schema, true))[1]::pg_catalog.name
  where coalesce(d.relation, '0'::pg_catalog.oid) = '0'::pg_catalog.oid and i.schema is not null
)
select s.nspname::pg_catalog.text as schema, u.nspname::pg_catalog.text as "user"
from place p
join pg_catalog.pg_namespace s on s.oid = p.schema
join pg_catalog.pg_namespace u on u.oid = p."user"
where p.schema <> p."user" and u.nspname !~ '^pg_'::pg_catalog.text
order by 1, 2
