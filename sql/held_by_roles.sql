-- What roles own in this database, of whatever class, and with $1 the ACLs that name a role, too: all that pg_shdepend knows, but for
-- what the questions before have read. What the bootstrap superuser owns isn't in pg_shdepend; superusers' things aren't listed either.
-- With $1 also the schemas of what hangs on a thing, through members of an extension and whatever else is in no schema: tables whose
-- columns have an extension's type, an index with an operator class. Large objects are counted, and stand by their lowest number.
-- Not asked for: policies that name a role (deptype r), which give nothing without an ACL, and what an extension's script gave (i), which
-- code_system_rights.sql compares. Any role may ask.
with recursive system (oid) as (
  -- temporary things go with their session
  select n.oid from pg_catalog.pg_namespace n
  where n.nspname ~ '^pg_'::pg_catalog.text and n.nspname !~ '^pg_(temp_|toast_temp_)'::pg_catalog.text
     or n.nspname = 'information_schema'::pg_catalog.name
), member (class, oid) as (
  -- of an extension, or a type's own function: a range's constructors
  select d.classid, d.objid from pg_catalog.pg_depend d
  where d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass::pg_catalog.oid and d.deptype = 'e'::pg_catalog."char"
  union all
  select d.classid, d.objid from pg_catalog.pg_depend d
  where d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid and d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid and d.deptype = 'i'::pg_catalog."char"
), relation (oid) as (
  -- what relations.sql doesn't read; indexes, TOAST tables and row types have no owner of their own
  select c.oid from pg_catalog.pg_class c
  where c.relkind <> all ('{r,i,t,p,v,m,f,S,I,c}'::pg_catalog."char"[])
     or c.relnamespace = any (array(select s.oid from system s)) and c.relkind = any ('{r,p,v,m,f,S}'::pg_catalog."char"[])
     -- nobody has a right on one, unless somebody gave it
     or c.relkind = 't'::pg_catalog."char" and c.relacl is not null
  union
  select m.oid from member m where m.class = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid
), here (oid) as (
  select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()
), class (oid) as (
  -- the others have questions of their own; whose mapping it is doesn't own it
  select c.oid from pg_catalog.pg_class c
  where c.oid < 16384::pg_catalog.oid
    and c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace::pg_catalog.oid and c.relkind = 'r'::pg_catalog."char"
    and c.relname <> all ('{pg_class,pg_database,pg_default_acl,pg_auth_members,pg_parameter_acl,pg_user_mapping,pg_largeobject}'
                          ::pg_catalog.name[])
), shared as (
  select s.classid, s.objid, s.objsubid, s.refobjid, s.deptype
  from pg_catalog.pg_shdepend s
  -- an array, so that the index finds the few among the many
  where s.classid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid and s.objid = any (array(select r.oid from relation r))
    and s.dbid = (select h.oid from here h) and s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass::pg_catalog.oid
    and (s.deptype = 'o'::pg_catalog."char" or $1 and s.deptype = 'a'::pg_catalog."char")
  union all
  select s.classid, s.objid, s.objsubid, s.refobjid, s.deptype
  from pg_catalog.pg_shdepend s
  where s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass::pg_catalog.oid and s.classid = any (array(select c.oid from class c))
    and (s.deptype = 'o'::pg_catalog."char" or $1 and s.deptype = 'a'::pg_catalog."char" and s.classid <> 'pg_catalog.pg_foreign_server'::pg_catalog.regclass::pg_catalog.oid)
    and (s.dbid = (select h.oid from here h) or $1 and s.dbid = 0::pg_catalog.oid)
    and (s.classid <> 'pg_catalog.pg_subscription'::pg_catalog.regclass::pg_catalog.oid
         or exists (select from pg_catalog.pg_subscription b where b.oid = s.objid and b.subdbid = (select h.oid from here h)))
    -- nor what routines.sql, types.sql and schemas.sql read, but for what the reader leaves out of it
    and (case s.classid
           when 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid then
             exists (select from pg_catalog.pg_proc p join system y on y.oid = p.pronamespace where p.oid = s.objid)
           when 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid then
             not exists (select from pg_catalog.pg_type t
                         where t.oid = s.objid and t.typnamespace not in (select y.oid from system y)
                           and case t.typtype
                                 when 'c'::pg_catalog."char" then exists (select from pg_catalog.pg_class c
                                                                         where c.oid = t.typrelid and c.relkind = 'c'::pg_catalog."char")
                                 when 'b'::pg_catalog."char" then t.typcategory <> 'A'::pg_catalog."char" or t.typelem = 0::pg_catalog.oid
                                 else t.typtype = any ('{d,e,r}'::pg_catalog."char"[])
                               end)
           when 'pg_catalog.pg_namespace'::pg_catalog.regclass::pg_catalog.oid then s.objid in (select y.oid from system y)
           else true
         end
         or (s.classid, s.objid) in (select m.class, m.oid from member m))
), listed as (
  select distinct s.classid, s.objid, s.deptype,
         case when s.deptype = 'a'::pg_catalog."char" then s.objsubid else 0 end as sub,
         -- an ACL that can be read names its roles itself
         case when s.deptype = 'o'::pg_catalog."char" or s.classid::pg_catalog.regclass::pg_catalog.text
                <> all ('{pg_class,pg_proc,pg_type,pg_namespace,pg_language,pg_foreign_data_wrapper,pg_tablespace}'::pg_catalog.text[])
              then s.refobjid end                  as role,
         (select e.extname::pg_catalog.text
          from pg_catalog.pg_depend d join pg_catalog.pg_extension e on e.oid = d.refobjid
          where d.classid = s.classid and d.objid = s.objid and d.deptype = 'e'::pg_catalog."char" and d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass::pg_catalog.oid
         )                                         as extension
  from shared s
  where s.deptype <> 'o'::pg_catalog."char"
     or not exists (select from pg_catalog.pg_roles r where r.oid = s.refobjid and r.rolsuper)
), reached (rootclass, root, classid, objid, own) as (
  select l.classid, l.objid, l.classid, l.objid, true
  from listed l
  where $1 and l.deptype = 'o'::pg_catalog."char" and l.extension is null
  union
  select r.rootclass, r.root, d.classid, d.objid, r.own and d.deptype = 'e'::pg_catalog."char"
  from reached r
  join pg_catalog.pg_depend d on d.refclassid = r.classid and d.refobjid = r.objid
  -- what hangs on a relation is its owner's to know
  where r.own or r.classid <> 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid
), hanging (rootclass, root, schema) as (
  select r.rootclass, r.root,
         case r.classid
           when 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid then
             (select n.nspname::pg_catalog.text from pg_catalog.pg_class c
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.oid = r.objid)
           when 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid then
             (select n.nspname::pg_catalog.text from pg_catalog.pg_proc p
              join pg_catalog.pg_namespace n on n.oid = p.pronamespace where p.oid = r.objid)
           when 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid then
             (select n.nspname::pg_catalog.text from pg_catalog.pg_type t
              join pg_catalog.pg_namespace n on n.oid = t.typnamespace where t.oid = r.objid)
           -- of a default, a trigger, a policy, a rule or a table in a publication the relation's
           else (select coalesce((pg_catalog.parse_ident(i.schema, true))[1],
                                 case when a.object_names[2] is not null or i.type = 'publication namespace'::pg_catalog.text
                                      then a.object_names[1] end)
                 from pg_catalog.pg_identify_object(r.classid, r.objid, 0) i,
                      pg_catalog.pg_identify_object_as_address(r.classid, r.objid, 0) a)
         end
  from reached r
  where not r.own
  union
  select 'pg_catalog.pg_extension'::pg_catalog.regclass::pg_catalog.oid, e.oid, n.nspname::pg_catalog.text
  from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
  union
  -- of all tables: its owner was a superuser once
  select l.classid, l.objid, n.nspname::pg_catalog.text
  from listed l
  join pg_catalog.pg_publication p on l.classid = 'pg_catalog.pg_publication'::pg_catalog.regclass::pg_catalog.oid and p.oid = l.objid
    and p.puballtables
  cross join pg_catalog.pg_namespace n
)
select case when l.role is not null then pg_catalog.pg_get_userbyid(l.role)::pg_catalog.text end as role,
       l.deptype = 'o'::pg_catalog."char"                     as owns,
       i.type                                                 as kind,
       -- of a schema, its own name; the function quotes what must be quoted
       (pg_catalog.parse_ident(case when i.type = 'schema'::pg_catalog.text then i.identity else i.schema end, true))[1] as schema,
       i.identity,
       (select a.attname::pg_catalog.text from pg_catalog.pg_attribute a
        where l.sub <> 0 and a.attrelid = l.objid and a.attnum = l.sub::pg_catalog.int2) as "column",
       l.extension is not null                                as member,
       l.extension,
       l.classid = any (array['pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid, 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid])
         and exists (select from pg_catalog.pg_depend d
                     where d.classid = l.classid and d.objid = l.objid and d.deptype = 'i'::pg_catalog."char") as part,
       1::pg_catalog.int8                                     as count,
       array(select h.schema from hanging h
             where l.deptype = 'o'::pg_catalog."char" and h.rootclass = l.classid and h.root = l.objid and h.schema is not null order by 1) as users,
       case when l.role is null then
         case l.classid
           when 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid then
             case when l.sub = 0 then (select c.relacl from pg_catalog.pg_class c where c.oid = l.objid)
                  else (select a.attacl from pg_catalog.pg_attribute a
                        where a.attrelid = l.objid and a.attnum = l.sub::pg_catalog.int2) end
           when 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid then (select p.proacl from pg_catalog.pg_proc p where p.oid = l.objid)
           when 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid then (select t.typacl from pg_catalog.pg_type t where t.oid = l.objid)
           when 'pg_catalog.pg_namespace'::pg_catalog.regclass::pg_catalog.oid then (select n.nspacl from pg_catalog.pg_namespace n where n.oid = l.objid)
           when 'pg_catalog.pg_language'::pg_catalog.regclass::pg_catalog.oid then (select g.lanacl from pg_catalog.pg_language g where g.oid = l.objid)
           when 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass::pg_catalog.oid then
             (select w.fdwacl from pg_catalog.pg_foreign_data_wrapper w where w.oid = l.objid)
           when 'pg_catalog.pg_tablespace'::pg_catalog.regclass::pg_catalog.oid then (select t.spcacl from pg_catalog.pg_tablespace t where t.oid = l.objid)
         end
       end::pg_catalog.text[]                                 as acl
from listed l
cross join lateral pg_catalog.pg_identify_object(l.classid, l.objid, 0) i
where i.type is not null and (i.schema is null or i.schema !~ '^pg_(temp|toast_temp)'::pg_catalog.text)
union all
select pg_catalog.pg_get_userbyid(s.refobjid)::pg_catalog.text, true, 'large object'::pg_catalog.text, null,
       pg_catalog.min(s.objid)::pg_catalog.text, null, false, null, false, pg_catalog.count(*), '{}'::pg_catalog.text[], null
from pg_catalog.pg_shdepend s
where $1 and s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass::pg_catalog.oid and s.deptype = 'o'::pg_catalog."char"
  and s.classid = 'pg_catalog.pg_largeobject'::pg_catalog.regclass::pg_catalog.oid
  and s.dbid = (select h.oid from here h)
  and not exists (select from pg_catalog.pg_roles r where r.oid = s.refobjid and r.rolsuper)
group by s.refobjid
order by 3, 4, 5, 6, 2, 1
