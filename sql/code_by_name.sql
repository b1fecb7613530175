-- Calls of what runs code that a text or a number names, in what relations, types and routines are made of: pg_depend has no such name. $1 is a
-- pattern that finds such a call in an expression's text: its words are the function, and the bytes of a constant text at the end of its
-- arguments, if there is one. Any role may ask.
with expression (class, id, part, text) as (
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, d.adrelid,
         case a.attgenerated when ''::pg_catalog."char" then 'default'::pg_catalog.text else 'generated column'::pg_catalog.text end,
         d.adbin::pg_catalog.text
  from pg_catalog.pg_attrdef d
  join pg_catalog.pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
  union all
  select case k.contypid when '0'::pg_catalog.oid then 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid
                         else 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid end,
         case k.contypid when '0'::pg_catalog.oid then k.conrelid else k.contypid end,
         'constraint'::pg_catalog.text, k.conbin::pg_catalog.text
  from pg_catalog.pg_constraint k
  union all
  select 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, t.oid, 'default'::pg_catalog.text, t.typdefaultbin::pg_catalog.text
  from pg_catalog.pg_type t
  union all
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, l.polrelid, 'policy'::pg_catalog.text,
         coalesce(l.polqual::pg_catalog.text, ''::pg_catalog.text) || ' '::pg_catalog.text
         || coalesce(l.polwithcheck::pg_catalog.text, ''::pg_catalog.text)
  from pg_catalog.pg_policy l
  union all
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, r.ev_class,
         case r.ev_type when '1'::pg_catalog."char" then 'view'::pg_catalog.text else 'rule'::pg_catalog.text end,
         coalesce(r.ev_qual::pg_catalog.text, ''::pg_catalog.text) || ' '::pg_catalog.text
         || coalesce(r.ev_action::pg_catalog.text, ''::pg_catalog.text)
  from pg_catalog.pg_rewrite r
  where r.ev_class >= '16384'::pg_catalog.oid
  union all
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, t.tgrelid, 'trigger''s condition'::pg_catalog.text, t.tgqual::pg_catalog.text
  from pg_catalog.pg_trigger t
  union all
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, i.indrelid, 'index'::pg_catalog.text,
         coalesce(i.indexprs::pg_catalog.text, ''::pg_catalog.text) || ' '::pg_catalog.text
         || coalesce(i.indpred::pg_catalog.text, ''::pg_catalog.text)
  from pg_catalog.pg_index i
  union all
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, x.stxrelid, 'statistics'::pg_catalog.text, x.stxexprs::pg_catalog.text
  from pg_catalog.pg_statistic_ext x
  union all
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, p.partrelid, 'partition key'::pg_catalog.text, p.partexprs::pg_catalog.text
  from pg_catalog.pg_partitioned_table p
  union all
  select 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid, p.oid, 'body'::pg_catalog.text,
         coalesce(p.proargdefaults::pg_catalog.text, ''::pg_catalog.text) || ' '::pg_catalog.text
         || coalesce(p.prosqlbody::pg_catalog.text, ''::pg_catalog.text)
  from pg_catalog.pg_proc p
  where p.oid >= '16384'::pg_catalog.oid
), call (class, id, part, words) as (
  select e.class, e.id, e.part, m.words
  from expression e
  cross join lateral pg_catalog.regexp_matches(e.text, $1::pg_catalog.text, 'g'::pg_catalog.text) as m(words)
  where e.id >= '16384'::pg_catalog.oid
), place (class, id, owner, object) as (
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, c.oid, c.relowner,
         array[c.relkind::pg_catalog.text, n.nspname::pg_catalog.text, c.relname::pg_catalog.text, ''::pg_catalog.text]
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind = any ('{r,p,v,m,f}'::pg_catalog."char"[])
  union all
  select 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, t.oid, t.typowner,
         array[case t.typtype when 'd'::pg_catalog."char" then 'D'::pg_catalog.text else 'T'::pg_catalog.text end, n.nspname::pg_catalog.text,
               t.typname::pg_catalog.text, ''::pg_catalog.text]
  from pg_catalog.pg_type t
  join pg_catalog.pg_namespace n on n.oid = t.typnamespace
  union all
  select 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid, p.oid, p.proowner,
         array[case p.prokind when 'p'::pg_catalog."char" then 'P'::pg_catalog.text else 'F'::pg_catalog.text end, n.nspname::pg_catalog.text,
               p.proname::pg_catalog.text,
               case p.prokind when 'p'::pg_catalog."char" then pg_catalog.pg_get_function_identity_arguments(p.oid)
                              else pg_catalog.oidvectortypes(p.proargtypes) end]
  from pg_catalog.pg_proc p
  join pg_catalog.pg_namespace n on n.oid = p.pronamespace
)
select distinct
       w.object                                                                                              as "user",
       pg_catalog.pg_get_userbyid(w.owner)::pg_catalog.text                                                  as owner,
       c.part                                                                                                as part,
       array['F'::pg_catalog.text, s.nspname::pg_catalog.text, f.proname::pg_catalog.text,
             pg_catalog.oidvectortypes(f.proargtypes)]                                                       as code,
       case when f.proname::pg_catalog.text ~ '^pg_input_'::pg_catalog.text then c.words[2] end              as bytes
from call c
join place w on w.class = c.class and w.id = c.id
join pg_catalog.pg_proc f on f.oid = c.words[1]::pg_catalog.oid
join pg_catalog.pg_namespace s on s.oid = f.pronamespace
order by 1, 3, 4, 5
