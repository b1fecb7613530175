-- What hangs on what, so that it goes with it (DROP ... CASCADE), between things that aren't one whole: of whatever class, from pg_depend. An
-- index, a default, a constraint, a rule, a trigger, a policy stands for its relation, an array or multirange for its element or range, a row type
-- for its relation, the parts of an operator class for that. Numbers of parts: 0 the whole, above a column, -1 (of what it hangs on) any column, as
-- the row type; -2 (of what hangs) a part on which nothing hangs. Not foreign keys, which other questions read; nor what is in one owner's hands by
-- its nature: partitions and the numbers of a default. With whether data or a promise goes with it: columns, tables, sequences, types, constraints,
-- unique indexes, triggers, policies; not what can be made again. Any role may ask.
with edge as materialized (
  select d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid
  from pg_catalog.pg_depend d
  where d.refobjid >= '16384'::pg_catalog.oid and d.objid >= '16384'::pg_catalog.oid
    and d.refclassid <> 'pg_catalog.pg_namespace'::pg_catalog.regclass::pg_catalog.oid
    and (d.deptype = any ('{n,e,x}'::pg_catalog."char"[])
         or d.deptype = 'a'::pg_catalog."char"
            and (d.classid = 'pg_catalog.pg_opclass'::pg_catalog.regclass::pg_catalog.oid
                 -- a generated column up to 14
                 or d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid and d.objsubid > '0'::pg_catalog.int4
                    and d.refclassid <> d.classid
                 or d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid
                    and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid
                    and d.refobjsubid = '0'::pg_catalog.int4))
), kind (oid, class, id, sub) as materialized (
  select t.oid,
         case when e.typrelid = '0'::pg_catalog.oid then 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid
              else 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid end,
         case when e.typrelid = '0'::pg_catalog.oid then e.oid else e.typrelid end,
         case when e.typrelid = '0'::pg_catalog.oid then '0'::pg_catalog.int4 else '-1'::pg_catalog.int4 end
  from pg_catalog.pg_type t
  left join pg_catalog.pg_type l on l.oid = t.typelem and l.typarray = t.oid
  left join pg_catalog.pg_range r on r.rngmultitypid = coalesce(l.oid, t.oid)
  join pg_catalog.pg_type e on e.oid = coalesce(r.rngtypid, l.oid, t.oid)
  where t.oid >= '16384'::pg_catalog.oid
), part (class, oid, ofclass, id) as (
  -- a range's constructors go with it, and what an operator class is made of takes the class with it
  select d.classid, d.objid, k.class, k.id
  from pg_catalog.pg_depend d
  join kind k on d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid and k.oid = d.refobjid
  where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid and d.deptype = 'i'::pg_catalog."char"
  union all
  select d.classid, d.objid, d.refclassid, d.refobjid
  from pg_catalog.pg_depend d
  where d.classid = any (array['pg_catalog.pg_amop'::pg_catalog.regclass::pg_catalog.oid,
                               'pg_catalog.pg_amproc'::pg_catalog.regclass::pg_catalog.oid])
    and d.refclassid = any (array['pg_catalog.pg_opclass'::pg_catalog.regclass::pg_catalog.oid,
                                  'pg_catalog.pg_opfamily'::pg_catalog.regclass::pg_catalog.oid])
    and d.deptype = any ('{i,a}'::pg_catalog."char"[])
), way (onclass, onid, onsub, class, id, sub, lost) as (
  select coalesce(rk.class, rp.ofclass, e.refclassid),
         coalesce(rk.id, rp.id, e.refobjid),
         coalesce(rk.sub, case when rp.id is null then e.refobjsubid else '0'::pg_catalog.int4 end),
         h.class, h.id, h.sub, h.lost
  from edge e
  left join kind rk on e.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid and rk.oid = e.refobjid
  left join part rp on rp.class = e.refclassid and rp.oid = e.refobjid
                   and e.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid
  left join pg_catalog.pg_class c on e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid and c.oid = e.objid
  left join pg_catalog.pg_index i on e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid and i.indexrelid = e.objid
  left join kind k on e.classid = 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid and k.oid = e.objid
  left join pg_catalog.pg_attrdef a on e.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass::pg_catalog.oid and a.oid = e.objid
  left join pg_catalog.pg_attribute t on t.attrelid = a.adrelid and t.attnum = a.adnum
  left join pg_catalog.pg_constraint s on e.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass::pg_catalog.oid and s.oid = e.objid
  left join pg_catalog.pg_rewrite w on e.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass::pg_catalog.oid and w.oid = e.objid
  left join pg_catalog.pg_trigger g on e.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass::pg_catalog.oid and g.oid = e.objid
  left join pg_catalog.pg_policy l on e.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass::pg_catalog.oid and l.oid = e.objid
  left join pg_catalog.pg_statistic_ext x
    on e.classid = 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass::pg_catalog.oid and x.oid = e.objid
  left join part p on p.class = e.classid and p.oid = e.objid
  cross join lateral (
    -- an index goes alone
    select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, i.indrelid, '-2'::pg_catalog.int4, i.indisunique or i.indisexclusion
    where i.indexrelid is not null
    union all
    select e.classid, c.oid, e.objsubid,
           c.relkind = any ('{r,p,f,S}'::pg_catalog."char"[]) or c.relkind = 'c'::pg_catalog."char" and e.objsubid > '0'::pg_catalog.int4
    where c.relkind = any ('{r,p,f,S,v,m,c}'::pg_catalog."char"[])
    union all
    select k.class, k.id, '0'::pg_catalog.int4, true where k.oid is not null
    union all
    select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, a.adrelid,
           case t.attgenerated when ''::pg_catalog."char" then '-2'::pg_catalog.int4 else a.adnum::pg_catalog.int4 end,
           t.attgenerated <> ''::pg_catalog."char"
    where a.oid is not null
    union all
    select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, s.conrelid, '-2'::pg_catalog.int4, true
    where s.conrelid <> '0'::pg_catalog.oid and s.contype <> 'f'::pg_catalog."char"
    union all
    select 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, s.contypid, '-2'::pg_catalog.int4, true
    where s.contypid <> '0'::pg_catalog.oid
    union all
    select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, w.ev_class,
           case w.ev_type when '1'::pg_catalog."char" then '0'::pg_catalog.int4 else '-2'::pg_catalog.int4 end, false
    where w.oid is not null
    union all
    select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, g.tgrelid, '-2'::pg_catalog.int4, g.tgenabled <> 'D'::pg_catalog."char"
    where not g.tgisinternal
    union all
    select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, l.polrelid, '-2'::pg_catalog.int4, true where l.oid is not null
    union all
    select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, x.stxrelid, '-2'::pg_catalog.int4, false where x.oid is not null
    union all
    select p.ofclass, p.id, '0'::pg_catalog.int4, false where p.oid is not null
    union all
    select e.classid, e.objid, '0'::pg_catalog.int4, false
    where p.oid is null
      and e.classid <> all (array['pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid,
                                  'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid,
                                  'pg_catalog.pg_attrdef'::pg_catalog.regclass::pg_catalog.oid,
                                  'pg_catalog.pg_constraint'::pg_catalog.regclass::pg_catalog.oid,
                                  'pg_catalog.pg_rewrite'::pg_catalog.regclass::pg_catalog.oid,
                                  'pg_catalog.pg_trigger'::pg_catalog.regclass::pg_catalog.oid,
                                  'pg_catalog.pg_policy'::pg_catalog.regclass::pg_catalog.oid,
                                  'pg_catalog.pg_statistic_ext'::pg_catalog.regclass::pg_catalog.oid])
  ) as h(class, id, sub, lost)
), owned (class, id, owner) as (
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, c.oid, c.relowner from pg_catalog.pg_class c
  where c.oid >= '16384'::pg_catalog.oid and c.relkind = any ('{r,p,f,S,v,m,c}'::pg_catalog."char"[])
  union all
  select 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, t.oid, t.typowner from pg_catalog.pg_type t
  where t.oid >= '16384'::pg_catalog.oid
  union all
  select s.classid, s.objid, s.refobjid
  from pg_catalog.pg_shdepend s
  join pg_catalog.pg_database b on b.oid = s.dbid and b.datname = pg_catalog.current_database()
  where s.deptype = 'o'::pg_catalog."char" and s.objsubid = '0'::pg_catalog.int4
    and s.classid <> all (array['pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid,
                                'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid])
)
select distinct w.onclass, w.onid, w.onsub, w.class, w.id, w.sub, w.lost,
       -- from here on it may be somebody else's
       r.oid is not null and coalesce(u.owner, '10'::pg_catalog.oid) <> o.owner as crosses
from way w
left join owned o on o.class = w.onclass and o.id = w.onid
left join owned u on u.class = w.class and u.id = w.id
left join pg_catalog.pg_roles r on r.oid = o.owner and not r.rolsuper
where (w.onclass, w.onid) <> (w.class, w.id)
  -- many, and of one owner: partitions, and the numbers of a default
  and not (w.onclass = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid and o.owner = u.owner
           and exists (select from pg_catalog.pg_class c where c.oid = w.onid and c.relkind = any ('{S,p}'::pg_catalog."char"[]))
           and w.class = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid)
