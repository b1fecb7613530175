-- What somebody finds by its name without a schema, and who owns it, as far as a role that isn't a superuser owns it and the schema isn't that
-- role's too (of the schemas in everybody's path all is asked): from pg_shdepend, which knows every owner but the bootstrap superuser, and every
-- class, those of later versions, too. Without what holds no code and decides nothing: plain tables, sequences, statistics. A table counts that
-- has triggers, rules or policies, or defaults, checks, generated columns or indexes that call a function of such a role, or one of PostgreSQL's
-- that does more than compute. An enum or a composite type runs nothing, unless a cast from or to it does. Any role may ask.
with owned as (
  select s.classid, s.objid, s.refobjid as owner
  from pg_catalog.pg_shdepend s
  join pg_catalog.pg_database b on b.oid = s.dbid and b.datname = pg_catalog.current_database()
  join pg_catalog.pg_roles r on r.oid = s.refobjid and not r.rolsuper
  where s.deptype = 'o'::pg_catalog."char" and s.objsubid = '0'::pg_catalog.int4
    and s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass::pg_catalog.oid
), relation as (
  select o.classid, o.objid, o.owner, c.relnamespace as schema, c.relkind as kind
  from owned o
  join pg_catalog.pg_class c on c.oid = o.objid
    and c.relkind = any (array['r', 'p', 'v', 'm', 'f']::pg_catalog."char"[])
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where o.classid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid
    and (n.nspowner <> o.owner
         or n.nspname = any (array['public', 'pg_catalog', 'information_schema']::pg_catalog.name[]))
), expression (relation, class, id, tree) as (
  select a.adrelid, 'pg_catalog.pg_attrdef'::pg_catalog.regclass::pg_catalog.oid, a.oid, a.adbin::pg_catalog.text
  from pg_catalog.pg_attrdef a join relation r on r.objid = a.adrelid
  union all
  select k.conrelid, 'pg_catalog.pg_constraint'::pg_catalog.regclass::pg_catalog.oid, k.oid, k.conbin::pg_catalog.text
  from pg_catalog.pg_constraint k join relation r on r.objid = k.conrelid
  where k.contype = 'c'::pg_catalog."char"
  union all
  select i.indrelid, 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, i.indexrelid, null::pg_catalog.text
  from pg_catalog.pg_index i join relation r on r.objid = i.indrelid
), carrier (relation) as (
  select t.tgrelid from pg_catalog.pg_trigger t
  where not t.tgisinternal and t.tgenabled <> 'D'::pg_catalog."char"
  union
  select w.ev_class from pg_catalog.pg_rewrite w
  where w.rulename <> '_RETURN'::pg_catalog.name and w.ev_enabled <> 'D'::pg_catalog."char"
  union
  select l.polrelid from pg_catalog.pg_policy l
  union
  select e.relation
  from expression e
  join pg_catalog.pg_depend d on d.classid = e.class and d.objid = e.id
  join owned o on o.classid = d.refclassid and o.objid = d.refobjid
  where d.refclassid = any (array['pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid,
                                  'pg_catalog.pg_operator'::pg_catalog.regclass::pg_catalog.oid])
  union
  select e.relation
  from expression e
  cross join lateral pg_catalog.regexp_matches(e.tree, ':(?:funcid|opfuncid) ([0-9]+)'::pg_catalog.text,
                                               'g'::pg_catalog.text) as f(id)
  join pg_catalog.pg_proc p on p.oid = f.id[1]::pg_catalog.oid and p.oid < '16384'::pg_catalog.oid
  where p.provolatile = 'v'::pg_catalog."char"
    and p.proname <> all (array['nextval', 'random', 'random_normal', 'gen_random_uuid', 'uuidv4', 'uuidv7',
                                'clock_timestamp', 'timeofday']::pg_catalog.name[])
), code (class, id, owner, schema, kind, runs) as (
  select o.classid, o.objid, o.owner, p.pronamespace, null::pg_catalog.text, true
  from owned o join pg_catalog.pg_proc p on p.oid = o.objid
  where o.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid
  union all
  -- of any other class: operators, conversions, collations, text search configurations and dictionaries ...
  select o.classid, o.objid, o.owner, n.oid, null::pg_catalog.text, true
  from owned o
  cross join lateral pg_catalog.pg_identify_object(o.classid, o.objid, '0'::pg_catalog.int4) a
  join pg_catalog.pg_namespace n on pg_catalog.quote_ident(n.nspname::pg_catalog.text) = a.schema
  where o.classid <> all (array['pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid,
                                'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid,
                                'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid,
                                'pg_catalog.pg_statistic_ext'::pg_catalog.regclass::pg_catalog.oid])
  union all
  select o.classid, o.objid, o.owner, t.typnamespace,
         case when t.typtype = 'd'::pg_catalog."char" then 'domain'::pg_catalog.text end,
         t.typtype = any (array['b', 'd', 'r']::pg_catalog."char"[])
         or exists (select from pg_catalog.pg_cast c
                    where (c.castsource = t.oid or c.casttarget = t.oid) and c.castfunc <> '0'::pg_catalog.oid)
  from owned o
  join pg_catalog.pg_type t on t.oid = o.objid
    and t.typtype = any (array['b', 'd', 'r', 'e', 'c']::pg_catalog."char"[])
  where o.classid = 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid
  union all
  select r.classid, r.objid, r.owner, r.schema, null::pg_catalog.text, true
  from relation r
  where r.kind = 'v'::pg_catalog."char" or r.objid in (select c.relation from carrier c)
)
select n.nspname::pg_catalog.text                                        as schema,
       coalesce(c.kind, i.type)                                          as kind,
       pg_catalog.substr(i.identity, pg_catalog.length(i.schema) + '2'::pg_catalog.int4)    as name,
       pg_catalog.pg_get_userbyid(c.owner)::pg_catalog.text              as owner,
       c.runs                                                            as runs,
       exists (select from pg_catalog.pg_depend d
               where d.classid = c.class and d.objid = c.id and d.deptype = 'e'::pg_catalog."char") as member
from code c
join pg_catalog.pg_namespace n on n.oid = c.schema
cross join lateral pg_catalog.pg_identify_object(c.class, c.id, '0'::pg_catalog.int4) i
where n.nspname::pg_catalog.text !~ '^pg_(toast|temp)'::pg_catalog.text
  and (n.nspowner <> c.owner
       or n.nspname = any (array['public', 'pg_catalog', 'information_schema']::pg_catalog.name[]))
order by 1, 2, 3
