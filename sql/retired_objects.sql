-- What hangs on the roles $1 in this database, and with $2 what is shared: what they own, and every ACL that names them. Of
-- what they own the ACL, too, which pg_shdepend doesn't list for an owner.
-- Any role may ask. Sequences that belong to a column follow their table; temporary things go with their session.
with listed as (
  select r.rolname::text as role, s.classid, s.objid, s.objsubid, s.deptype, s.dbid
  from pg_catalog.pg_shdepend s
  join pg_catalog.pg_roles r on r.oid = s.refobjid
  where s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass::pg_catalog.oid and r.rolname = any ($1)
    and s.deptype in ('o', 'a', 'i')
    -- these have questions of their own
    and s.classid::pg_catalog.regclass::text not in ('pg_auth_members', 'pg_default_acl', 'pg_user_mapping', 'pg_parameter_acl')
    and (s.dbid = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
         or s.dbid = '0'::pg_catalog.oid and case when s.classid = 'pg_catalog.pg_subscription'::pg_catalog.regclass::pg_catalog.oid
              then exists (select from pg_catalog.pg_subscription b join pg_catalog.pg_database d on d.oid = b.subdbid
                           where b.oid = s.objid and d.datname = pg_catalog.current_database())
              else $2 end)
), acl (classid, objid, objsubid, owner, acl) as (
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, c.oid, 0, c.relowner, c.relacl from pg_catalog.pg_class c
  union all
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, c.oid, a.attnum::int4, c.relowner, a.attacl
  from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
  where a.attacl is not null and not a.attisdropped
  union all
  select 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid, p.oid, 0, p.proowner, p.proacl from pg_catalog.pg_proc p
  union all
  select 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, t.oid, 0, t.typowner, t.typacl from pg_catalog.pg_type t
  union all
  select 'pg_catalog.pg_namespace'::pg_catalog.regclass::pg_catalog.oid, n.oid, 0, n.nspowner, n.nspacl from pg_catalog.pg_namespace n
  union all
  select 'pg_catalog.pg_language'::pg_catalog.regclass::pg_catalog.oid, l.oid, 0, l.lanowner, l.lanacl from pg_catalog.pg_language l
  union all
  select 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass::pg_catalog.oid, f.oid, 0, f.fdwowner, f.fdwacl
  from pg_catalog.pg_foreign_data_wrapper f
  union all
  select 'pg_catalog.pg_foreign_server'::pg_catalog.regclass::pg_catalog.oid, s.oid, 0, s.srvowner, s.srvacl from pg_catalog.pg_foreign_server s
  union all
  select 'pg_catalog.pg_largeobject'::pg_catalog.regclass::pg_catalog.oid, m.oid, 0, m.lomowner, m.lomacl
  from pg_catalog.pg_largeobject_metadata m
  union all
  select 'pg_catalog.pg_database'::pg_catalog.regclass::pg_catalog.oid, d.oid, 0, d.datdba, d.datacl from pg_catalog.pg_database d
  union all
  select 'pg_catalog.pg_tablespace'::pg_catalog.regclass::pg_catalog.oid, t.oid, 0, t.spcowner, t.spcacl from pg_catalog.pg_tablespace t
), dependent as (
  select l.role, l.classid, l.objid, l.objsubid, l.deptype, l.dbid from listed l
  union
  select l.role, l.classid, l.objid, a.objsubid, 'a', l.dbid
  from listed l
  join acl a on a.classid = l.classid and a.objid = l.objid
  where l.deptype = 'o' and a.acl is not null
)
select d.role,
       d.deptype,
       d.dbid = '0'::pg_catalog.oid and i.type <> 'subscription'                as shared,
       -- of a column, the table
       i.type                                                 as kind,
       -- of a schema and of a database, its own name; the function quotes what must be quoted
       (pg_catalog.parse_ident(case when i.type in ('schema', 'database') then i.identity else i.schema end))[1] as schema,
       i.identity,
       (select a.attname::text from pg_catalog.pg_attribute a
        where d.objsubid <> 0 and a.attrelid = d.objid and a.attnum = d.objsubid) as "column",
       exists (select from pg_catalog.pg_depend e
               where e.classid = d.classid and e.objid = d.objid and e.deptype = 'e') as member,
       d.classid in ('pg_catalog.pg_proc'::pg_catalog.regclass, 'pg_catalog.pg_type'::pg_catalog.regclass)
         and exists (select from pg_catalog.pg_depend p
                     where p.classid = d.classid and p.objid = d.objid and p.deptype = 'i') as part,
       case i.type when 'foreign-data wrapper' then true when 'event trigger' then true
                   when 'subscription' then pg_catalog.current_setting('server_version_num')::int4 < 160000
                   when 'publication' then (select p.puballtables from pg_catalog.pg_publication p where p.oid = d.objid)
                   else false end                             as superuser_only,
       pg_catalog.pg_get_userbyid(a.owner)::text              as owner,
       a.acl::text[]                                          as acl
from dependent d
cross join lateral pg_catalog.pg_identify_object(d.classid, d.objid, 0) i
left join acl a on d.deptype = 'a' and a.classid = d.classid and a.objid = d.objid and a.objsubid = d.objsubid
where coalesce(i.schema, '') !~ '^pg_(temp|toast_temp)'
  and not (d.deptype = 'o' and d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid
           and exists (select from pg_catalog.pg_depend e
                       where e.classid = d.classid and e.objid = d.objid and e.deptype in ('a', 'i') and e.refobjsubid > 0
                         and e.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid))
order by 1, 4, 7, 8
