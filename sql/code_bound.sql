-- SECURITY DEFINER routines that do only what their text says to which table: their body is bound (BEGIN ATOMIC), and neither it nor what hangs on
-- the tables that it names, on the types that it uses, and on what those use in turn, calls anything but what is known to be harmless: the
-- system's own functions without those of $1 (of code_harmful.sql; nextval only counts), and a few of extensions. Tables are plain: without
-- triggers, rules, children or foreign keys that carry a change further. A row a table; one without a table where none is named.
-- From 14 on. Any role may ask.
with recursive body as materialized (
  select p.oid, p.prokind, n.nspname, p.proname, p.proargtypes, p.prosqlbody::pg_catalog.text as text
  from pg_catalog.pg_proc p
  join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where p.prosecdef and p.prosqlbody is not null and p.oid >= '16384'::pg_catalog.oid
), harmful as materialized (
  select p.oid
  from pg_catalog.pg_proc p
  where p.oid = any ($1::pg_catalog.oid[]) and p.oid <> '1574'::pg_catalog.oid
     or p.oid >= '16384'::pg_catalog.oid
        and not ((p.provolatile = 'i'::pg_catalog."char"
                  or p.proname = any ('{gen_salt,gen_random_bytes,gen_random_uuid,uuid_generate_v1,uuid_generate_v1mc,uuid_generate_v4,unaccent,
                                        similarity_op,word_similarity_op,word_similarity_commutator_op,strict_word_similarity_op,
                                        strict_word_similarity_commutator_op}'::pg_catalog.name[]))
                 and exists (select from pg_catalog.pg_depend e
                             where e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid and e.objid = p.oid
                               and e.deptype = 'e'::pg_catalog."char")
                 and exists (select from pg_catalog.pg_roles r where r.oid = p.proowner and r.rolsuper))
), operator (oid) as materialized (
  -- the planner may take the commutator or negator instead
  select o.oid
  from pg_catalog.pg_operator o
  cross join lateral (values (o.oid), (o.oprcom), (o.oprnegate)) as other(oid)
  join pg_catalog.pg_operator q on q.oid = other.oid
  join harmful h on h.oid = q.oprcode::pg_catalog.oid
), expression (class, id, of, node, text) as materialized (
  -- what the routine (of pg_proc), relation or type called "node" runs
  select 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid, b.oid, 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid, b.oid, b.text
  from body b
  union all
  select x.class, x.id, x.of, x.node, x.text
  from (select 'pg_catalog.pg_attrdef'::pg_catalog.regclass::pg_catalog.oid, d.oid, 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid,
               d.adrelid, d.adbin::pg_catalog.text
        from pg_catalog.pg_attrdef d
        union all
        select 'pg_catalog.pg_constraint'::pg_catalog.regclass::pg_catalog.oid, k.oid,
               case k.contypid when '0'::pg_catalog.oid then 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid
                               else 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid end,
               case k.contypid when '0'::pg_catalog.oid then k.conrelid else k.contypid end, k.conbin::pg_catalog.text
        from pg_catalog.pg_constraint k
        union all
        select 'pg_catalog.pg_policy'::pg_catalog.regclass::pg_catalog.oid, l.oid, 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid,
               l.polrelid,
               coalesce(l.polqual::pg_catalog.text, ''::pg_catalog.text) || ' '::pg_catalog.text
               || coalesce(l.polwithcheck::pg_catalog.text, ''::pg_catalog.text)
        from pg_catalog.pg_policy l
        join pg_catalog.pg_class c on c.oid = l.polrelid and c.relrowsecurity
        union all
        select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, i.indexrelid, 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid,
               i.indrelid,
               coalesce(i.indexprs::pg_catalog.text, ''::pg_catalog.text) || ' '::pg_catalog.text
               || coalesce(i.indpred::pg_catalog.text, ''::pg_catalog.text)
        from pg_catalog.pg_index i
        where i.indexprs is not null or i.indpred is not null
        union all
        select 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass::pg_catalog.oid, s.oid, 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid,
               s.stxrelid, s.stxexprs::pg_catalog.text
        from pg_catalog.pg_statistic_ext s
        union all
        select 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, t.oid, 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, t.oid,
               t.typdefaultbin::pg_catalog.text
        from pg_catalog.pg_type t) as x(class, id, of, node, text)
  where x.text is not null and x.node >= '16384'::pg_catalog.oid and exists (select from body b)
), called (of, node, operators, number) as (
  select distinct e.of, e.node, m.words[1] like '%op'::pg_catalog.text or m.words[1] = 'opno'::pg_catalog.text, m.words[2]
  from expression e
  cross join lateral pg_catalog.regexp_matches(e.text, ':(funcid|aggfnoid|winfnoid|opno|eqop|sortop) ([0-9]+)'::pg_catalog.text,
                                               'g'::pg_catalog.text) as m(words)
), key (relation, class, columns, equal, same) as (
  -- both ends of a foreign key compare its columns
  select r.relation, c.class, c.columns, k.conpfeqop, k.conppeqop
  from pg_catalog.pg_constraint k
  cross join lateral (values (k.conrelid), (k.confrelid)) as r(relation)
  cross join lateral (values (k.conrelid, k.conkey), (k.confrelid, k.confkey)) as c(class, columns)
  where k.contype = 'f'::pg_catalog."char"
), uses (of, node, class, id) as materialized (
  select e.of, e.node, d.refclassid, d.refobjid
  from expression e
  join pg_catalog.pg_depend d on d.classid = e.class and d.objid = e.id
  where d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid
     or d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid
        and exists (select from pg_catalog.pg_class c where c.oid = d.refobjid and c.relkind <> 'S'::pg_catalog."char")
  union
  -- the type of RETURNING in a function of SQL/JSON, which pg_depend lacks
  select e.of, e.node, 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, m.words[1]::pg_catalog.oid
  from expression e
  cross join lateral pg_catalog.regexp_matches(e.text, ':typid ([0-9]+)'::pg_catalog.text, 'g'::pg_catalog.text) as m(words)
  where pg_catalog.strpos(e.text, ':typid '::pg_catalog.text) > '0'::pg_catalog.int4
  union
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, a.attrelid, 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, a.atttypid
  from pg_catalog.pg_attribute a
  where a.atttypid >= '16384'::pg_catalog.oid and a.attnum > '0'::pg_catalog.int2
  union
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, k.relation, 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, a.atttypid
  from key k
  join pg_catalog.pg_attribute a on a.attrelid = k.class and a.attnum = any (k.columns)
  where a.atttypid >= '16384'::pg_catalog.oid
  union
  select 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, t.oid, 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, o.oid
  from pg_catalog.pg_type t
  cross join lateral (values (t.typelem), (t.typbasetype)) as o(oid)
  where o.oid >= '16384'::pg_catalog.oid
  union
  select 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, r.rngtypid, 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, r.rngsubtype
  from pg_catalog.pg_range r
  union
  select 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, r.rngmultitypid, 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, r.rngtypid
  from pg_catalog.pg_range r
  union
  select 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, c.reltype, 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, a.atttypid
  from pg_catalog.pg_class c
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > '0'::pg_catalog.int2
  where a.atttypid >= '16384'::pg_catalog.oid and c.reltype <> '0'::pg_catalog.oid
), direct (of, node) as (
  select c.of, c.node from called c join harmful h on h.oid::pg_catalog.text = c.number where not c.operators
  union
  select c.of, c.node from called c join operator o on o.oid::pg_catalog.text = c.number where c.operators
  union
  -- not a plain table
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, c.oid
  from pg_catalog.pg_class c
  where c.oid >= '16384'::pg_catalog.oid
    and (c.relkind <> all ('{r,i,c,t}'::pg_catalog."char"[]) or c.relhasrules or c.relhassubclass or c.relispartition)
  union
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, t.tgrelid from pg_catalog.pg_trigger t where not t.tgisinternal
  union
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, k.confrelid
  from pg_catalog.pg_constraint k
  where k.contype = 'f'::pg_catalog."char"
    and (k.confdeltype = any ('{c,n,d}'::pg_catalog."char"[]) or k.confupdtype = any ('{c,n,d}'::pg_catalog."char"[]))
  union
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, k.relation from key k join operator o on o.oid = any (k.equal) or o.oid = any (k.same)
  union
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, k.conrelid
  from pg_catalog.pg_constraint k join operator o on o.oid = any (k.conexclop)
  union
  -- an index on a built-in type by somebody's operator class; an oidvector counts from 0
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, i.indrelid
  from pg_catalog.pg_index i
  cross join lateral pg_catalog.generate_series('0'::pg_catalog.int4, i.indnkeyatts - '1'::pg_catalog.int4) as k(at)
  join pg_catalog.pg_opclass c on c.oid = i.indclass[k.at]
  join pg_catalog.pg_amproc m on m.amprocfamily = c.opcfamily
  join harmful h on h.oid = m.amproc::pg_catalog.oid
  union
  -- what the server calls for values of a type, whatever statement has them
  select 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, s.type
  from (select t.oid, k.castfunc
        from pg_catalog.pg_cast k
        cross join lateral (values (k.castsource), (k.casttarget)) as t(oid)
        union
        select r.rngtypid, f.oid
        from pg_catalog.pg_range r
        cross join lateral (values (r.rngsubdiff::pg_catalog.oid), (r.rngcanonical::pg_catalog.oid)) as f(oid)
        union
        select c.opcintype, m.amproc::pg_catalog.oid
        from pg_catalog.pg_opclass c join pg_catalog.pg_amproc m on m.amprocfamily = c.opcfamily
        where c.oid >= '16384'::pg_catalog.oid) as s(type, routine)
  join harmful h on h.oid = s.routine
  where s.type >= '16384'::pg_catalog.oid
  union
  select 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, t.oid
  from pg_catalog.pg_type t
  join harmful h on h.oid = t.typinput::pg_catalog.oid or h.oid = t.typoutput::pg_catalog.oid or h.oid = t.typmodin::pg_catalog.oid
  where t.oid >= '16384'::pg_catalog.oid and t.typtype = 'b'::pg_catalog."char" and t.typinput::pg_catalog.oid >= '16384'::pg_catalog.oid
), reached (of, node) as (
  select d.of, d.node from direct d
  union
  select u.of, u.node from reached r join uses u on u.class = r.of and u.id = r.node
)
select distinct
       array[case b.prokind when 'p'::pg_catalog."char" then 'P'::pg_catalog.text when 'a'::pg_catalog."char" then 'A'::pg_catalog.text
                            else 'F'::pg_catalog.text end,
             b.nspname::pg_catalog.text, b.proname::pg_catalog.text,
             case b.prokind when 'p'::pg_catalog."char" then pg_catalog.pg_get_function_identity_arguments(b.oid)
                            else pg_catalog.oidvectortypes(b.proargtypes) end] as routine,
       case when c.oid is not null
            then array[c.relkind::pg_catalog.text, n.nspname::pg_catalog.text, c.relname::pg_catalog.text, ''::pg_catalog.text] end as relation
from body b
left join uses u on u.of = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid and u.node = b.oid
                and u.class = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid
left join pg_catalog.pg_class c on c.oid = u.id and c.relkind = 'r'::pg_catalog."char"
left join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where (b.oid) not in (select r.node from reached r where r.of = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid)
order by 1, 2
