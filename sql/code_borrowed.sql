-- Functions, domains and types that a relation, or a domain, uses in a constraint, default, generated column, index, policy, rule, trigger's
-- condition, statistics or as a column's type, though another owns them: they run as whoever uses the relation; and those that types,
-- aggregates, operators and casts are made of. Operators stand for their function, operator classes for their support functions and operators', an
-- array for what is in it, a multirange for its range, a row type for its table, and a cast, which is nobody's, for the type to or from which it is.
-- Of one owner's only what may stand between two others' (the reader follows them). Without extensions' own, which are superusers'. Any role may ask.
with routine as (
  select p.oid, p.proowner as owner,
         array[case p.prokind when 'p' then 'P' when 'a' then 'A' else 'F' end, n.nspname::text, p.proname::text,
               pg_catalog.oidvectortypes(p.proargtypes)] as object
  from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where p.oid >= '16384'::pg_catalog.oid
), kind as (
  select t.oid, e.typowner as owner,
         array[case e.typtype when 'd'::pg_catalog."char" then 'D'::pg_catalog.text
                              when 'c'::pg_catalog."char" then coalesce(nullif(c.relkind::pg_catalog.text, 'c'::pg_catalog.text), 'T'::pg_catalog.text)
                              else 'T'::pg_catalog.text end,
               n.nspname::pg_catalog.text, e.typname::pg_catalog.text, ''::pg_catalog.text] as object
  from pg_catalog.pg_type t
  left join pg_catalog.pg_type l on l.oid = t.typelem and l.typarray = t.oid
  left join pg_catalog.pg_range r on r.rngmultitypid = coalesce(l.oid, t.oid)
  join pg_catalog.pg_type e on e.oid = coalesce(r.rngtypid, l.oid, t.oid)
  join pg_catalog.pg_namespace n on n.oid = e.typnamespace
  left join pg_catalog.pg_class c on c.oid = e.typrelid
  where t.oid >= '16384'::pg_catalog.oid
    and (e.typtype = any ('{d,b,r,e}'::pg_catalog."char"[])
         or e.typtype = 'c'::pg_catalog."char" and c.relkind = any ('{c,r,p,v,m,f}'::pg_catalog."char"[]))
), turned as (
  -- the planner takes an operator's negator or commutator in its place, and pg_depend has neither
  select distinct o.oid, q.oprcode::pg_catalog.oid as routine, q.oid <> o.oid as other
  from pg_catalog.pg_operator o
  cross join lateral (values (o.oid), (o.oprcom), (o.oprnegate)) as t(oid)
  join pg_catalog.pg_operator q on q.oid = t.oid
  where q.oprcode::pg_catalog.oid >= '16384'::pg_catalog.oid
), code as (
  select 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid as class, r.oid, r.owner, r.object from routine r
  union all
  select 'pg_catalog.pg_operator'::pg_catalog.regclass::pg_catalog.oid, t.oid, r.owner, r.object
  from turned t join routine r on r.oid = t.routine
  union all
  -- an operator class is its support functions, and the operators of its family, of which an exclusion constraint is made
  select 'pg_catalog.pg_opclass'::pg_catalog.regclass::pg_catalog.oid, c.oid, r.owner, r.object
  from pg_catalog.pg_opclass c
  join (select a.amprocfamily, a.amproc::pg_catalog.oid from pg_catalog.pg_amproc a
        union
        select m.amopfamily, t.routine from pg_catalog.pg_amop m join turned t on t.oid = m.amopopr) as f(family, routine)
    on f.family = c.opcfamily
  join routine r on r.oid = f.routine
  union all
  select 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, k.oid, k.owner, k.object from kind k
), used as (
  select d.classid, d.objid, d.objsubid, c.owner, c.object
  from pg_catalog.pg_depend d
  join code c on c.class = d.refclassid and c.oid = d.refobjid
  where d.deptype in ('n', 'a')
    and not (exists (select from pg_catalog.pg_depend e
                     where e.classid = d.refclassid and e.objid = d.refobjid and e.deptype = 'e')
             and exists (select from pg_catalog.pg_roles r where r.oid = c.owner and r.rolsuper))
  union all
  -- the type of RETURNING in a function of SQL/JSON, which pg_depend lacks
  select t.class, t.id, 0, c.owner, c.object
  from (select 'pg_catalog.pg_attrdef'::pg_catalog.regclass::pg_catalog.oid, d.oid, d.adbin::pg_catalog.text from pg_catalog.pg_attrdef d
        union all
        select 'pg_catalog.pg_constraint'::pg_catalog.regclass::pg_catalog.oid, k.oid, k.conbin::pg_catalog.text from pg_catalog.pg_constraint k
        union all
        select 'pg_catalog.pg_policy'::pg_catalog.regclass::pg_catalog.oid, l.oid,
               coalesce(l.polqual::pg_catalog.text, ''::pg_catalog.text) || coalesce(l.polwithcheck::pg_catalog.text, ''::pg_catalog.text)
        from pg_catalog.pg_policy l
        union all
        select 'pg_catalog.pg_rewrite'::pg_catalog.regclass::pg_catalog.oid, w.oid, w.ev_action::pg_catalog.text
        from pg_catalog.pg_rewrite w where w.ev_class >= '16384'::pg_catalog.oid
        union all
        select 'pg_catalog.pg_trigger'::pg_catalog.regclass::pg_catalog.oid, g.oid, g.tgqual::pg_catalog.text from pg_catalog.pg_trigger g
        union all
        select 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass::pg_catalog.oid, x.oid, x.stxexprs::pg_catalog.text
        from pg_catalog.pg_statistic_ext x
        union all
        select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, i.indexrelid,
               coalesce(i.indexprs::pg_catalog.text, ''::pg_catalog.text) || coalesce(i.indpred::pg_catalog.text, ''::pg_catalog.text)
        from pg_catalog.pg_index i) as t(class, id, text)
  cross join lateral pg_catalog.regexp_matches(t.text, ':typid ([0-9]+)'::pg_catalog.text, 'g'::pg_catalog.text) as m(words)
  join code c on c.class = 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid and c.oid = m.words[1]::pg_catalog.oid
  where pg_catalog.strpos(t.text, ':typid '::pg_catalog.text) > 0
), row_typed (oid) as (
  -- relations whose row type something has: what their columns are made of, that is made of, too
  select t.typrelid
  from pg_catalog.pg_depend d
  join pg_catalog.pg_type e on e.oid = d.refobjid
  join pg_catalog.pg_type t on t.oid = e.oid or t.oid = e.typelem and t.typarray = e.oid
  where d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid and d.deptype = 'n'::pg_catalog."char"
    and d.refobjid >= '16384'::pg_catalog.oid and t.typrelid <> '0'::pg_catalog.oid
), part (class, id, part, owner, object) as (
  select case when k.contypid <> '0'::pg_catalog.oid then 'pg_catalog.pg_type' else 'pg_catalog.pg_class' end::pg_catalog.regclass::pg_catalog.oid,
         case when k.contypid <> '0'::pg_catalog.oid then k.contypid else k.conrelid end, 'constraint', u.owner, u.object
  from used u join pg_catalog.pg_constraint k
    on u.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass::pg_catalog.oid and k.oid = u.objid
  union all
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, a.adrelid, 'default', u.owner, u.object
  from used u join pg_catalog.pg_attrdef a on u.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass::pg_catalog.oid and a.oid = u.objid
  union all
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, l.polrelid, 'policy', u.owner, u.object
  from used u join pg_catalog.pg_policy l on u.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass::pg_catalog.oid and l.oid = u.objid
  union all
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, r.ev_class, 'rule', u.owner, u.object
  from used u join pg_catalog.pg_rewrite r on u.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass::pg_catalog.oid and r.oid = u.objid
  union all
  -- the trigger's own function is another question's
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, t.tgrelid, 'trigger''s condition', u.owner, u.object
  from used u join pg_catalog.pg_trigger t on u.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass::pg_catalog.oid and t.oid = u.objid
  where t.tgqual is not null and u.object::pg_catalog.text is distinct from (select r.object::pg_catalog.text from routine r where r.oid = t.tgfoid)
  union all
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, x.stxrelid, 'statistics', u.owner, u.object
  from used u join pg_catalog.pg_statistic_ext x
    on u.classid = 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass::pg_catalog.oid and x.oid = u.objid
  union all
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, coalesce(i.indrelid, u.objid),
         case when i.indrelid is null then 'column' else 'index' end, u.owner, u.object
  from used u left join pg_catalog.pg_index i on i.indexrelid = u.objid
  where u.classid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid
  union all
  select u.classid, u.objid, 'definition', u.owner, u.object
  from used u
  where u.classid in ('pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, 'pg_catalog.pg_operator'::pg_catalog.regclass::pg_catalog.oid)
  union all
  select 'pg_catalog.pg_operator'::pg_catalog.regclass::pg_catalog.oid, t.oid, 'negator or commutator', r.owner, r.object
  from turned t join routine r on r.oid = t.routine
  where t.other
  union all
  select u.classid, u.objid, 'body', u.owner, u.object
  from used u join pg_catalog.pg_proc b on b.oid = u.objid and b.prokind <> 'a'::pg_catalog."char"
  where u.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid
    -- a range type's own constructors take and return it
    and not exists (select from pg_catalog.pg_depend d
                    where d.classid = u.classid and d.objid = u.objid and d.deptype = 'i'::pg_catalog."char")
  union all
  -- the referenced table's owner looks up the key, by the operators of the key and the casts of the referencing columns
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, k.confrelid, 'foreign key', r.owner, r.object
  from pg_catalog.pg_constraint k
  join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey)
  join pg_catalog.pg_cast c on c.castsource = a.atttypid
  join routine r on r.oid = c.castfunc
  where k.contype = 'f'::pg_catalog."char"
  union all
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, k.confrelid, 'foreign key', r.owner, r.object
  from pg_catalog.pg_constraint k
  join pg_catalog.pg_operator o on o.oid = any (k.conpfeqop) or o.oid = any (k.conppeqop)
  join routine r on r.oid = o.oprcode::pg_catalog.oid
  where k.contype = 'f'::pg_catalog."char" and o.oid >= '16384'::pg_catalog.oid
  union all
  select u.classid, u.objid, 'definition', u.owner, u.object
  from used u join pg_catalog.pg_aggregate a on a.aggfnoid::pg_catalog.oid = u.objid
  where u.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid
  union all
  select 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, t.oid, 'cast', u.owner, u.object
  from used u join pg_catalog.pg_cast c on u.classid = 'pg_catalog.pg_cast'::pg_catalog.regclass::pg_catalog.oid and c.oid = u.objid
  cross join lateral (values (c.castsource), (c.casttarget)) as t(oid)
  where u.object::pg_catalog.text is distinct from (select k.object::pg_catalog.text from kind k where k.oid = t.oid)
), place (class, id, owner, schema, between, object) as (
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, c.oid, c.relowner, n.nspname::pg_catalog.text,
         c.relkind = 'c'::pg_catalog."char" or c.oid in (select r.oid from row_typed r),
         array[case c.relkind when 'c' then 'T' else c.relkind::text end, n.nspname::text, c.relname::text, '']
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f', 'c')
  union all
  select 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, k.oid, k.owner, ''::pg_catalog.text, true, k.object from kind k
  union all
  select 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid, r.oid, r.owner, ''::pg_catalog.text, true, r.object from routine r
  union all
  -- an operator is no kind of its own: it has the name of the function that it would be
  select 'pg_catalog.pg_operator'::pg_catalog.regclass::pg_catalog.oid, o.oid, o.oprowner, ''::pg_catalog.text, true, array['F', n.nspname::text, o.oprname::text,
         case when o.oprleft = '0'::pg_catalog.oid then ''
              else pg_catalog.format_type(o.oprleft, null::pg_catalog.int4) || ', ' end
         || pg_catalog.format_type(o.oprright, null::pg_catalog.int4)]
  from pg_catalog.pg_operator o join pg_catalog.pg_namespace n on n.oid = o.oprnamespace
)
select w.object                                      as "user",
       p.part                                        as part,
       p.object                                      as code,
       pg_catalog.pg_get_userbyid(p.owner)::text     as owner,
       -- else it is only a step on a way to another's
       pg_catalog.bool_or(p.owner <> w.owner and not r.rolsuper) as crosses
from part p
join place w on w.class = p.class and w.id = p.id
join pg_catalog.pg_roles r on r.oid = p.owner
where (p.owner <> w.owner or w.between or p.object[2] <> w.schema) and p.object::pg_catalog.text <> w.object::pg_catalog.text
group by 1, 2, 3, 4
order by 1, 2, 3
