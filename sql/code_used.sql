-- Code that runs as whoever uses a relation: what its triggers, policies, rules, views, defaults, generated columns, constraints, indexes,
-- statistics and partition keys call, and what its columns' types do. Functions of an expression are read off its text, since pg_depend
-- doesn't name the system's own. Told apart is what runs as its owner (SECURITY DEFINER); left out what of the system's own runs nothing that
-- somebody else chose: $1 is the rest, of code_harmful.sql. And what a routine or aggregate that is called so calls itself, as far as the server
-- knows it: a bound body, an aggregate's functions, the types of arguments and results; there the routine stands in place of the relation. Bits:
-- 1 select, 4 insert, 8 delete, 16 update, 32 truncate. Any role may ask.
with recursive routine as (
  select p.oid, p.proowner as owner,
         array[case p.prokind when 'p'::pg_catalog."char" then 'P'::pg_catalog.text when 'a'::pg_catalog."char" then 'A'::pg_catalog.text
                              else 'F'::pg_catalog.text end,
               n.nspname::pg_catalog.text, p.proname::pg_catalog.text, pg_catalog.oidvectortypes(p.proargtypes)] as object,
         -- what it does, its own text decides, not the arguments that somebody else gives it
         p.oid >= '16384'::pg_catalog.oid
           and (p.provolatile = 'i'::pg_catalog."char" or p.pronargs = '0'::pg_catalog.int2
                or p.proname = any ('{gen_salt,gen_random_bytes,unaccent,similarity_op,word_similarity_op,word_similarity_commutator_op,
                                      strict_word_similarity_op,strict_word_similarity_commutator_op}'::pg_catalog.name[])
                   and exists (select from pg_catalog.pg_depend e
                               where e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid and e.objid = p.oid
                                 and e.deptype = 'e'::pg_catalog."char")) as plain,
         exists (select from pg_catalog.pg_roles r where r.oid = p.proowner and r.rolsuper) as superusers,
         -- a trigger function whose whole body sets columns of the new row to the time
         p.prorettype = '2279'::pg_catalog.oid
           and p.prolang = (select l.oid from pg_catalog.pg_language l where l.lanname = 'plpgsql'::pg_catalog.name)
           and p.prosrc ~* '^\s*begin\s+(new\.("[^"]+"|\w+)\s*:?=\s*((pg_catalog\.)?(now|(clock|statement|transaction)_timestamp)\(\)|current_timestamp|localtimestamp|current_date)(\s+at\s+time\s+zone\s+''utc'')?\s*;\s*)+return\s+(new|old|null)\s*;\s*end\s*;?\s*$'::pg_catalog.text
           as stamps,
         p.prosecdef as definer
  from pg_catalog.pg_proc p
  join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where p.oid >= '16384'::pg_catalog.oid or p.oid = any ($1::pg_catalog.oid[])
), inside as (
  -- those of which the server knows what they call
  select p.oid from pg_catalog.pg_proc p
  where p.oid >= '16384'::pg_catalog.oid and not p.prosecdef and (p.prosqlbody is not null or p.prokind = 'a'::pg_catalog."char")
), expression (class, id, relation, type, part, name, bits, planned, roles, queued, text) as (
  select 'pg_catalog.pg_attrdef'::pg_catalog.regclass::pg_catalog.oid, d.oid, d.adrelid, '0'::pg_catalog.oid,
         case a.attgenerated when ''::pg_catalog."char" then 'default'::pg_catalog.text else 'generated column'::pg_catalog.text end,
         a.attname::pg_catalog.text,
         case a.attgenerated when 'v'::pg_catalog."char" then '29'::pg_catalog.int4 else '20'::pg_catalog.int4 end, '0'::pg_catalog.int4,
         '{}'::pg_catalog.oid[], false, d.adbin::pg_catalog.text
  from pg_catalog.pg_attrdef d
  join pg_catalog.pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
  union all
  -- the planner computes what is constant of it, also for reads
  select 'pg_catalog.pg_constraint'::pg_catalog.regclass::pg_catalog.oid, k.oid, k.conrelid, k.contypid,
         case k.contypid when '0'::pg_catalog.oid then 'constraint'::pg_catalog.text else 'domain'::pg_catalog.text end,
         k.conname::pg_catalog.text, '20'::pg_catalog.int4,
         case k.contypid when '0'::pg_catalog.oid then '29'::pg_catalog.int4 else '0'::pg_catalog.int4 end,
         '{}'::pg_catalog.oid[], false, k.conbin::pg_catalog.text
  from pg_catalog.pg_constraint k
  where k.conbin is not null
  union all
  select 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, t.oid, '0'::pg_catalog.oid, t.oid, 'domain'::pg_catalog.text,
         t.typname::pg_catalog.text, '20'::pg_catalog.int4, '0'::pg_catalog.int4, '{}'::pg_catalog.oid[], false, t.typdefaultbin::pg_catalog.text
  from pg_catalog.pg_type t
  where t.typdefaultbin is not null
  union all
  select 'pg_catalog.pg_policy'::pg_catalog.regclass::pg_catalog.oid, l.oid, l.polrelid, '0'::pg_catalog.oid, 'policy'::pg_catalog.text,
         l.polname::pg_catalog.text,
         case l.polcmd when 'r'::pg_catalog."char" then '1'::pg_catalog.int4 when 'a'::pg_catalog."char" then '4'::pg_catalog.int4
                       when 'w'::pg_catalog."char" then '16'::pg_catalog.int4 when 'd'::pg_catalog."char" then '8'::pg_catalog.int4
                       else '29'::pg_catalog.int4 end,
         '0'::pg_catalog.int4, l.polroles, false,
         coalesce(l.polqual::pg_catalog.text, ''::pg_catalog.text) || ' '::pg_catalog.text
         || coalesce(l.polwithcheck::pg_catalog.text, ''::pg_catalog.text)
  from pg_catalog.pg_policy l
  join pg_catalog.pg_class c on c.oid = l.polrelid and c.relrowsecurity
  union all
  select 'pg_catalog.pg_rewrite'::pg_catalog.regclass::pg_catalog.oid, r.oid, r.ev_class, '0'::pg_catalog.oid,
         case r.ev_type when '1'::pg_catalog."char" then 'view'::pg_catalog.text else 'rule'::pg_catalog.text end,
         case r.ev_type when '1'::pg_catalog."char" then ''::pg_catalog.text else r.rulename::pg_catalog.text end,
         case r.ev_type when '2'::pg_catalog."char" then '16'::pg_catalog.int4 when '3'::pg_catalog."char" then '4'::pg_catalog.int4
                        when '4'::pg_catalog."char" then '8'::pg_catalog.int4 else '29'::pg_catalog.int4 end,
         '0'::pg_catalog.int4, '{}'::pg_catalog.oid[], false,
         coalesce(r.ev_qual::pg_catalog.text, ''::pg_catalog.text) || ' '::pg_catalog.text
         || coalesce(r.ev_action::pg_catalog.text, ''::pg_catalog.text)
  from pg_catalog.pg_rewrite r
  -- what a materialized view's query calls runs as its owner
  join pg_catalog.pg_class c on c.oid = r.ev_class and c.relkind <> 'm'::pg_catalog."char"
  where r.ev_class >= '16384'::pg_catalog.oid and r.ev_enabled = any ('{O,A}'::pg_catalog."char"[])
  union all
  select 'pg_catalog.pg_trigger'::pg_catalog.regclass::pg_catalog.oid, t.oid, t.tgrelid, '0'::pg_catalog.oid,
         'trigger''s condition'::pg_catalog.text, t.tgname::pg_catalog.text, t.tgtype::pg_catalog.int4 & '60'::pg_catalog.int4,
         '0'::pg_catalog.int4, '{}'::pg_catalog.oid[],
         t.tgtype::pg_catalog.int4 & '66'::pg_catalog.int4 = '0'::pg_catalog.int4, t.tgqual::pg_catalog.text
  from pg_catalog.pg_trigger t
  where t.tgqual is not null and t.tgenabled = any ('{O,A}'::pg_catalog."char"[])
  union all
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, i.indexrelid, i.indrelid, '0'::pg_catalog.oid, 'index'::pg_catalog.text,
         c.relname::pg_catalog.text, '29'::pg_catalog.int4, '0'::pg_catalog.int4, '{}'::pg_catalog.oid[], false,
         coalesce(i.indexprs::pg_catalog.text, ''::pg_catalog.text) || ' '::pg_catalog.text
         || coalesce(i.indpred::pg_catalog.text, ''::pg_catalog.text)
  from pg_catalog.pg_index i
  join pg_catalog.pg_class c on c.oid = i.indexrelid
  where i.indexprs is not null or i.indpred is not null
  union all
  select 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass::pg_catalog.oid, x.oid, x.stxrelid, '0'::pg_catalog.oid,
         'statistics'::pg_catalog.text, x.stxname::pg_catalog.text, '29'::pg_catalog.int4, '0'::pg_catalog.int4, '{}'::pg_catalog.oid[], false,
         x.stxexprs::pg_catalog.text
  from pg_catalog.pg_statistic_ext x
  where x.stxexprs is not null
  union all
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, p.partrelid, t.relid::pg_catalog.oid, '0'::pg_catalog.oid,
         'partition key'::pg_catalog.text, ''::pg_catalog.text, '29'::pg_catalog.int4, '0'::pg_catalog.int4, '{}'::pg_catalog.oid[], false,
         p.partexprs::pg_catalog.text
  from pg_catalog.pg_partitioned_table p
  cross join lateral pg_catalog.pg_partition_tree(p.partrelid::pg_catalog.regclass) t
  where p.partexprs is not null
  union all
  select 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid, p.oid, '0'::pg_catalog.oid, '0'::pg_catalog.oid, 'body'::pg_catalog.text,
         p.proname::pg_catalog.text, '61'::pg_catalog.int4, '0'::pg_catalog.int4, '{}'::pg_catalog.oid[], false, p.prosqlbody::pg_catalog.text
  from pg_catalog.pg_proc p join inside i on i.oid = p.oid
  where p.prosqlbody is not null
), key (text, operators) as (
  values (' :funcid '::pg_catalog.text, false), (' :aggfnoid '::pg_catalog.text, false), (' :winfnoid '::pg_catalog.text, false),
         (' :opno '::pg_catalog.text, true), (' :eqop '::pg_catalog.text, true), (' :sortop '::pg_catalog.text, true)
), named (class, id, operators, number) as materialized (
  select distinct e.class, e.id, k.operators, pg_catalog.split_part(piece.text, ' '::pg_catalog.text, '1'::pg_catalog.int4)
  from expression e
  join key k on pg_catalog.strpos(e.text, k.text) > '0'::pg_catalog.int4
  cross join lateral pg_catalog.string_to_table(e.text, k.text) with ordinality as piece(text, at)
  where (e.relation >= '16384'::pg_catalog.oid or e.type >= '16384'::pg_catalog.oid
         or e.class = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid)
    and piece.at > '1'::pg_catalog.int8
), harmful (class, id, routine) as materialized (
  select n.class, n.id, r.oid from named n join routine r on r.oid::pg_catalog.text = n.number where not n.operators
  union
  select n.class, n.id, r.oid
  from named n
  join pg_catalog.pg_operator o on o.oid::pg_catalog.text = n.number
  -- the planner may take the commutator or negator instead
  cross join lateral (values (o.oid), (o.oprcom), (o.oprnegate)) as other(oid)
  join pg_catalog.pg_operator q on q.oid = other.oid
  join routine r on r.oid = q.oprcode::pg_catalog.oid
  where n.operators
), called (class, id, relation, type, part, name, bits, roles, queued, routine) as materialized (
  select e.class, e.id, e.relation, e.type, e.part, e.name,
         case when h.routine >= '16384'::pg_catalog.oid then e.bits | e.planned else e.bits end, e.roles, e.queued, h.routine
  from harmful h
  join expression e on e.class = h.class and e.id = h.id
  where h.routine <> '1574'::pg_catalog.oid
     -- nextval of a sequence that the text names, and whose owner the relation's is, only counts
     or pg_catalog.strpos(
          pg_catalog.replace(e.text,
            ':funcid 1574 :funcresulttype 20 :funcretset false :funcvariadic false :funcformat 0 :funccollid 0 :inputcollid 0 :args ({CONST :consttype 2205 '::pg_catalog.text,
            ''::pg_catalog.text),
          ':funcid 1574 '::pg_catalog.text) > '0'::pg_catalog.int4
     or exists (select
                from pg_catalog.pg_depend d
                join pg_catalog.pg_class s on s.oid = d.refobjid and s.relkind = 'S'::pg_catalog."char"
                join pg_catalog.pg_class c on c.oid = e.relation
                where d.classid = e.class and d.objid = e.id and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid
                  and s.relowner <> c.relowner)
), support (type, part, name, routine) as (
  -- what the server calls for values of a type, whatever statement has them
  select t.oid, 'cast'::pg_catalog.text, t.typname::pg_catalog.text, k.castfunc
  from pg_catalog.pg_cast k
  join pg_catalog.pg_type t on t.oid = k.castsource or t.oid = k.casttarget
  where t.oid >= '16384'::pg_catalog.oid and k.castfunc >= '16384'::pg_catalog.oid
  union
  select r.rngtypid, 'type'::pg_catalog.text, t.typname::pg_catalog.text, f.oid
  from pg_catalog.pg_range r
  join pg_catalog.pg_type t on t.oid = r.rngtypid
  cross join lateral (
    values (r.rngsubdiff::pg_catalog.oid), (r.rngcanonical::pg_catalog.oid)
    union
    select m.amproc::pg_catalog.oid
    from pg_catalog.pg_opclass c join pg_catalog.pg_amproc m on m.amprocfamily = c.opcfamily
    where c.oid = r.rngsubopc and c.oid >= '16384'::pg_catalog.oid
  ) as f(oid)
  union
  select t.oid, 'type'::pg_catalog.text, t.typname::pg_catalog.text, f.oid
  from pg_catalog.pg_type t
  cross join lateral (values (t.typinput::pg_catalog.oid), (t.typoutput::pg_catalog.oid), (t.typreceive::pg_catalog.oid),
                             (t.typsend::pg_catalog.oid), (t.typmodin::pg_catalog.oid)) as f(oid)
  where f.oid >= '16384'::pg_catalog.oid
  union
  select c.opcintype, 'type'::pg_catalog.text, c.opcname::pg_catalog.text, f.oid
  from pg_catalog.pg_opclass c
  cross join lateral (
    select m.amproc::pg_catalog.oid from pg_catalog.pg_amproc m where m.amprocfamily = c.opcfamily
    union
    select o.oprcode::pg_catalog.oid
    from pg_catalog.pg_amop m join pg_catalog.pg_operator o on o.oid = m.amopopr
    where m.amopfamily = c.opcfamily
  ) as f(oid)
  where c.oid >= '16384'::pg_catalog.oid and c.opcintype >= '16384'::pg_catalog.oid
), typed (type, part, name, bits, routine, placer) as materialized (
  select c.type, c.part, c.name, c.bits, c.routine, t.typowner
  from called c join pg_catalog.pg_type t on t.oid = c.type
  where c.type <> '0'::pg_catalog.oid
  union all
  select s.type, s.part, s.name, '29'::pg_catalog.int4, s.routine, null::pg_catalog.oid
  from support s join routine r on r.oid = s.routine and (not r.superusers or r.oid in (select i.oid from inside i))
), contains (type, whole) as materialized (
  select t.typelem, t.oid from pg_catalog.pg_type t where t.typelem >= '16384'::pg_catalog.oid
  union all
  select t.typbasetype, t.oid from pg_catalog.pg_type t where t.typbasetype >= '16384'::pg_catalog.oid
  union all
  select a.atttypid, c.reltype
  from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
  where a.atttypid >= '16384'::pg_catalog.oid and a.attnum > '0'::pg_catalog.int2 and c.reltype <> '0'::pg_catalog.oid
  union all
  select r.rngsubtype, r.rngtypid from pg_catalog.pg_range r where r.rngsubtype >= '16384'::pg_catalog.oid
  union all
  select r.rngtypid, r.rngmultitypid from pg_catalog.pg_range r where r.rngtypid >= '16384'::pg_catalog.oid
), holds (source, type) as (
  select t.type, t.type from typed t
  union
  select h.source, c.whole from holds h join contains c on c.type = h.type
), depends (class, id, type) as (
  select d.classid, d.objid, d.refobjid
  from pg_catalog.pg_depend d
  where d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid and d.deptype <> 'i'::pg_catalog."char"
  union
  -- the type of RETURNING in a function of SQL/JSON, which pg_depend lacks
  select x.class, x.id, m.words[1]::pg_catalog.oid
  from expression x
  cross join lateral pg_catalog.regexp_matches(x.text, ':typid ([0-9]+)'::pg_catalog.text, 'g'::pg_catalog.text) as m(words)
  where pg_catalog.strpos(x.text, ':typid '::pg_catalog.text) > 0
), inner_call (caller, part, name, bits, routine, placer, asks) as (
  select c.id, c.part, c.name, c.bits, c.routine, p.proowner, true
  from called c join pg_catalog.pg_proc p on p.oid = c.id
  where c.class = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid
  union
  -- the server asks whether the aggregate's owner may execute them
  select p.oid, 'aggregate'::pg_catalog.text, p.proname::pg_catalog.text, '61'::pg_catalog.int4, f.oid, p.proowner, false
  from pg_catalog.pg_aggregate a
  join pg_catalog.pg_proc p on p.oid = a.aggfnoid::pg_catalog.oid and p.oid >= '16384'::pg_catalog.oid
  cross join lateral (
    values (a.aggtransfn::pg_catalog.oid), (a.aggfinalfn::pg_catalog.oid), (a.aggcombinefn::pg_catalog.oid), (a.aggserialfn::pg_catalog.oid),
           (a.aggdeserialfn::pg_catalog.oid), (a.aggmtransfn::pg_catalog.oid), (a.aggminvtransfn::pg_catalog.oid),
           (a.aggmfinalfn::pg_catalog.oid)
    union all
    select o.oprcode::pg_catalog.oid from pg_catalog.pg_operator o where o.oid = a.aggsortop
  ) as f(oid)
  union
  select d.id, t.part, t.name, '61'::pg_catalog.int4, t.routine, t.placer, t.placer is not null
  from typed t
  join holds h on h.source = t.type
  join depends d on d.type = h.type and d.class = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid
  -- a type's own functions aren't its users
  where d.id <> t.routine
), whole (relation, part, name, bits, roles, queued, routine, placer, asks, fixed) as (
  select c.relation, c.part, c.name, c.bits, c.roles, c.queued, c.routine, k.relowner, true, true
  from called c join pg_catalog.pg_class k on k.oid = c.relation
  where c.relation <> '0'::pg_catalog.oid
  union
  select t.tgrelid, 'trigger'::pg_catalog.text, t.tgname::pg_catalog.text, t.tgtype::pg_catalog.int4 & '60'::pg_catalog.int4, '{}'::pg_catalog.oid[],
         t.tgtype::pg_catalog.int4 & '66'::pg_catalog.int4 = '0'::pg_catalog.int4, t.tgfoid, c.relowner, false,
         t.tgnargs = '0'::pg_catalog.int2
           or exists (select
                      from pg_catalog.pg_proc p
                      join pg_catalog.pg_depend e on e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid and e.objid = p.oid
                                                 and e.deptype = 'e'::pg_catalog."char"
                      where p.oid = t.tgfoid and p.proname = any ('{moddatetime,insert_username,triggered_change_notification}'::pg_catalog.name[]))
  from pg_catalog.pg_trigger t
  join pg_catalog.pg_class c on c.oid = t.tgrelid
  -- up to 14 a partition's copy of its parent's trigger counts as internal
  where (not t.tgisinternal or t.tgparentid <> '0'::pg_catalog.oid) and t.tgenabled = any ('{O,A}'::pg_catalog."char"[])
  union
  select a.attrelid, t.part, t.name, t.bits, '{}'::pg_catalog.oid[], false, t.routine, t.placer, t.placer is not null, true
  from typed t
  join holds h on h.source = t.type
  join pg_catalog.pg_attribute a on a.atttypid = h.type and a.attnum > '0'::pg_catalog.int2 and not a.attisdropped
  union
  select c.oid, t.part, t.name, t.bits, '{}'::pg_catalog.oid[], false, t.routine, t.placer, t.placer is not null, true
  from typed t join pg_catalog.pg_class c on c.reltype = t.type
  union
  select e.relation, t.part, t.name, e.bits, e.roles, e.queued, t.routine, t.placer, t.placer is not null, true
  from typed t
  join holds h on h.source = t.type
  join depends d on d.type = h.type
  join expression e on e.class = d.class and e.id = d.id and e.relation <> '0'::pg_catalog.oid
  union
  -- an index or a partition key on a built-in type by somebody's operator class
  select i.indrelid, 'index'::pg_catalog.text, x.relname::pg_catalog.text, '29'::pg_catalog.int4, '{}'::pg_catalog.oid[], false,
         m.amproc::pg_catalog.oid, null::pg_catalog.oid, false, true
  from pg_catalog.pg_index i
  join pg_catalog.pg_class x on x.oid = i.indexrelid
  -- an oidvector counts from 0
  cross join lateral pg_catalog.generate_series('0'::pg_catalog.int4, i.indnkeyatts - '1'::pg_catalog.int4) as k(at)
  join pg_catalog.pg_opclass c on c.oid = i.indclass[k.at]
  join pg_catalog.pg_amproc m on m.amprocfamily = c.opcfamily
  join routine r on r.oid = m.amproc::pg_catalog.oid
    and (not r.superusers or r.oid in (select i.oid from inside i))
  where i.indrelid >= '16384'::pg_catalog.oid
  union
  select p.partrelid, 'partition key'::pg_catalog.text, ''::pg_catalog.text, '29'::pg_catalog.int4, '{}'::pg_catalog.oid[], false,
         m.amproc::pg_catalog.oid, null::pg_catalog.oid, false, true
  from pg_catalog.pg_partitioned_table p
  cross join lateral pg_catalog.generate_series('0'::pg_catalog.int4, p.partnatts - '1'::pg_catalog.int4) as k(at)
  join pg_catalog.pg_opclass c on c.oid = p.partclass[k.at]
  join pg_catalog.pg_amproc m on m.amprocfamily = c.opcfamily
  join routine r on r.oid = m.amproc::pg_catalog.oid
    and (not r.superusers or r.oid in (select i.oid from inside i))
)
select w.object as relation, w.part, w.name, w.bits,
       r.object                                                                                                      as code,
       pg_catalog.pg_get_userbyid(r.owner)::pg_catalog.text                                                          as owner,
       coalesce(pg_catalog.pg_get_userbyid(w.placer)::pg_catalog.text, ''::pg_catalog.text)                          as placer,
       w.asks, r.plain and w.fixed                                                                                   as plain,
       w.queued,
       r.stamps,
       r.definer,
       array(select ''::pg_catalog.text where '0'::pg_catalog.oid = any (w.roles)
             union all
             select g.rolname::pg_catalog.text from pg_catalog.pg_roles g where g.oid = any (w.roles))              as roles
from (
  select array[c.relkind::pg_catalog.text, n.nspname::pg_catalog.text, c.relname::pg_catalog.text, ''::pg_catalog.text],
         w.part, w.name, w.bits, w.roles, w.queued, w.routine, w.placer, w.asks, w.fixed
  from whole w
  join pg_catalog.pg_class c on c.oid = w.relation and c.relkind = any ('{r,p,v,m,f}'::pg_catalog."char"[])
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where w.relation >= '16384'::pg_catalog.oid
  union all
  select o.object, i.part, i.name, i.bits, '{}'::pg_catalog.oid[], false, i.routine, i.placer, i.asks, true
  from inner_call i
  join routine o on o.oid = i.caller
  join routine q on q.oid = i.routine
  -- an extension's own aggregates are its superuser's affair
  where not q.superusers or q.oid in (select k.oid from inside k)
     or not exists (select from pg_catalog.pg_roles p where p.oid = i.placer and p.rolsuper)
        and i.placer is not null
) as w(object, part, name, bits, roles, queued, routine, placer, asks, fixed)
join routine r on r.oid = w.routine
order by 1, 2, 3, 5, 4, 7
