-- What an apply may take over and what executes: objects in the schemas $1 that neither the role beside them in $2 nor a superuser
-- owns, and whatever the roles $3 own, each with the definition of the code that it is or carries. Where $4 isn't null, instead
-- the objects whose letters, schemas, names and arguments stand in $4 to $7, whoever owns them: so a definition is read again
-- after its owner has changed. A class without a letter of its own has '' there, and type and identity as name and arguments.
-- Expressions count where they run more than the server's own functions that change nothing. What only superusers write, functions in
-- C and base types, isn't anybody else's code, unless its owner made it SECURITY DEFINER. What splits options counts an array's elements,
-- and isn't polymorphic as unnest is. A tree or a body of more than 200,000 characters isn't written out: one may be nested so deep that
-- the server's stack doesn't suffice for it. Any role may ask.
with asked as (
  select n.oid as schema, r.oid as ddl
  from pg_catalog.pg_options_to_table($1::pg_catalog.text[]) with ordinality as a(name, value, at)
  join pg_catalog.pg_namespace n on n.nspname::pg_catalog.text = ($1::pg_catalog.text[])[a.at::pg_catalog.int4]
  left join pg_catalog.pg_roles r on r.rolname::pg_catalog.text = ($2::pg_catalog.text[])[a.at::pg_catalog.int4]
), known as (
  select ($4::pg_catalog.text[])[k.at::pg_catalog.int4] as letter, ($5::pg_catalog.text[])[k.at::pg_catalog.int4] as schema,
         ($6::pg_catalog.text[])[k.at::pg_catalog.int4] as name, ($7::pg_catalog.text[])[k.at::pg_catalog.int4] as args
  from pg_catalog.pg_options_to_table($4::pg_catalog.text[]) with ordinality as k(name, value, at)
), object (class, id, owner, schema, letter, name) as (
  select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, c.oid, c.relowner, c.relnamespace, c.relkind::pg_catalog.text, c.relname
  from pg_catalog.pg_class c where c.relkind in ('r', 'p', 'v', 'm', 'f')
  union all
  select 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid, p.oid, p.proowner, p.pronamespace,
         case p.prokind when 'p' then 'P' when 'a' then 'A' else 'F' end, p.proname
  from pg_catalog.pg_proc p
  union all
  select 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, t.oid, t.typowner, t.typnamespace,
         case t.typtype when 'd' then 'D' else 'T' end, t.typname
  from pg_catalog.pg_type t
  where t.typtype in ('d', 'e', 'r')
     or t.typtype = 'c' and exists (select from pg_catalog.pg_class c where c.oid = t.typrelid and c.relkind = 'c')
  union all
  select 'pg_catalog.pg_operator'::pg_catalog.regclass::pg_catalog.oid, o.oid, o.oprowner, o.oprnamespace, '', null from pg_catalog.pg_operator o
  union all
  select 'pg_catalog.pg_opclass'::pg_catalog.regclass::pg_catalog.oid, o.oid, o.opcowner, o.opcnamespace, '', null from pg_catalog.pg_opclass o
  union all
  select 'pg_catalog.pg_opfamily'::pg_catalog.regclass::pg_catalog.oid, o.oid, o.opfowner, o.opfnamespace, '', null from pg_catalog.pg_opfamily o
  union all
  select 'pg_catalog.pg_conversion'::pg_catalog.regclass::pg_catalog.oid, c.oid, c.conowner, c.connamespace, '', null
  from pg_catalog.pg_conversion c
  union all
  select 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass::pg_catalog.oid, x.oid, x.stxowner, x.stxnamespace, '', null
  from pg_catalog.pg_statistic_ext x
), keyed as (
  select o.class, o.id, o.owner,
         case when o.letter = '' then (select array['', n.nspname::pg_catalog.text, i.type, i.identity]
                                       from pg_catalog.pg_identify_object(o.class, o.id, '0'::pg_catalog.int4) i)
              else array[o.letter, n.nspname::pg_catalog.text, o.name::pg_catalog.text,
                         case o.letter when 'P' then pg_catalog.pg_get_function_identity_arguments(o.id)
                                       when 'F' then (select pg_catalog.oidvectortypes(p.proargtypes)
                                                      from pg_catalog.pg_proc p where p.oid = o.id)
                                       when 'A' then (select pg_catalog.oidvectortypes(p.proargtypes)
                                                      from pg_catalog.pg_proc p where p.oid = o.id)
                                       else '' end] end as key
  from object o
  join pg_catalog.pg_namespace n on n.oid = o.schema
  left join asked a on a.schema = o.schema
  left join pg_catalog.pg_roles r on r.oid = o.owner
  where case when $4::pg_catalog.text[] is not null
             then n.nspname::pg_catalog.text = any ($5::pg_catalog.text[])
             else r.rolname::pg_catalog.text = any ($3::pg_catalog.text[])
                  or a.schema is not null and o.owner is distinct from a.ddl and r.rolsuper is distinct from true end
), mine as materialized (
  select k.class, k.id, k.owner, k.key from keyed k
  where $4::pg_catalog.text[] is null
     or (k.key[1], k.key[2], k.key[3], k.key[4]) in (select w.letter, w.schema, w.name, w.args from known w)
), expression (class, id, place, at, part, tree, definition) as (
  select m.class, m.id, 4, a.adnum::pg_catalog.int4, 'pg_catalog.pg_attrdef'::pg_catalog.regclass::pg_catalog.oid, a.adbin::pg_catalog.text,
         case c.attgenerated when '' then 'default' else 'expression' end || ' of column '
           || pg_catalog.quote_ident(c.attname::pg_catalog.text) || ': '
           || case when pg_catalog.octet_length(a.adbin::pg_catalog.text) > 200000 then 'a tree of md5 ' || pg_catalog.md5(a.adbin::pg_catalog.text) else pg_catalog.pg_get_expr(a.adbin, a.adrelid) end
  from mine m
  join pg_catalog.pg_attrdef a on m.class = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid and a.adrelid = m.id
  join pg_catalog.pg_attribute c on c.attrelid = a.adrelid and c.attnum = a.adnum
  union all
  select m.class, m.id, 5, k.oid::pg_catalog.int8, 'pg_catalog.pg_constraint'::pg_catalog.regclass::pg_catalog.oid, k.conbin::pg_catalog.text,
         'constraint ' || pg_catalog.quote_ident(k.conname::pg_catalog.text) || ' '
           || case when pg_catalog.octet_length(k.conbin::pg_catalog.text) > 200000 then 'a tree of md5 ' || pg_catalog.md5(k.conbin::pg_catalog.text) else pg_catalog.pg_get_constraintdef(k.oid) end
  from mine m
  join pg_catalog.pg_constraint k
    on k.contype = 'c' and case m.class when 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid then k.conrelid = m.id
                                        when 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid then k.contypid = m.id else false end
  union all
  select m.class, m.id, 6, i.indexrelid::pg_catalog.int8, 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid,
         coalesce(i.indexprs::pg_catalog.text, '') || coalesce(i.indpred::pg_catalog.text, ''),
         case when pg_catalog.octet_length(coalesce(i.indexprs::pg_catalog.text, '') || coalesce(i.indpred::pg_catalog.text, '')) > 200000 then 'a tree of md5 ' || pg_catalog.md5(coalesce(i.indexprs::pg_catalog.text, '') || coalesce(i.indpred::pg_catalog.text, '')) else pg_catalog.pg_get_indexdef(i.indexrelid) end
  from mine m
  join pg_catalog.pg_index i on m.class = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid and i.indrelid = m.id
  union all
  select m.class, m.id, 7, 0, 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, p.partexprs::pg_catalog.text,
         'partition by '
           || case when pg_catalog.octet_length(p.partexprs::pg_catalog.text) > 200000 then 'a tree of md5 ' || pg_catalog.md5(p.partexprs::pg_catalog.text) else pg_catalog.pg_get_partkeydef(p.partrelid) end
  from mine m
  join pg_catalog.pg_partitioned_table p on m.class = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid and p.partrelid = m.id
  where p.partexprs is not null
  union all
  select m.class, m.id, 8, x.oid::pg_catalog.int8, 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass::pg_catalog.oid,
         x.stxexprs::pg_catalog.text,
         case when pg_catalog.octet_length(x.stxexprs::pg_catalog.text) > 200000 then 'a tree of md5 ' || pg_catalog.md5(x.stxexprs::pg_catalog.text) else pg_catalog.pg_get_statisticsobjdef(x.oid) end
  from mine m
  join pg_catalog.pg_statistic_ext x
    on case m.class when 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid then x.stxrelid = m.id
                    when 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass::pg_catalog.oid then x.oid = m.id else false end
  union all
  select m.class, m.id, 4, 0, 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, t.typdefaultbin::pg_catalog.text,
         'default: '
           || case when pg_catalog.octet_length(t.typdefaultbin::pg_catalog.text) > 200000 then 'a tree of md5 ' || pg_catalog.md5(t.typdefaultbin::pg_catalog.text) else pg_catalog.pg_get_expr(t.typdefaultbin, '0'::pg_catalog.oid) end
  from mine m
  join pg_catalog.pg_type t on m.class = 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid and t.oid = m.id
  where t.typdefaultbin is not null
), running as (
  select e.class, e.id, e.place, e.at, e.definition
  from expression e
  where exists (select from pg_catalog.regexp_matches(e.tree, ':(?:funcid|opfuncid|aggfnoid|winfnoid) ([0-9]+)'::pg_catalog.text,
                                                        'g'::pg_catalog.text) as f(id)
                join pg_catalog.pg_proc p on p.oid = f.id[1]::pg_catalog.oid
                where case when p.provolatile = 'v'
                           then p.oid >= '16384'::pg_catalog.oid or p.proname not in ('clock_timestamp', 'gen_random_uuid', 'nextval', 'random',
                                                                    'timeofday', 'uuidv4', 'uuidv7')
                           else p.oid >= '16384'::pg_catalog.oid and not exists (select from pg_catalog.pg_roles r
                                                               where r.oid = p.proowner and r.rolsuper) end)
     or exists (select from pg_catalog.regexp_matches(e.tree, ':(?:resulttype|typid) ([0-9]+)'::pg_catalog.text, 'g'::pg_catalog.text) as f(id)
                join pg_catalog.pg_type t on t.oid = f.id[1]::pg_catalog.oid
                where t.oid >= '16384'::pg_catalog.oid and t.typtype in ('d', 'b', 'r', 'c', 'm')
                  and not exists (select from pg_catalog.pg_roles r where r.oid = t.typowner and r.rolsuper))
     or exists (select from pg_catalog.pg_depend d
                where d.classid = e.part and d.objid = case when e.place in (5, 6, 8) then e.at::pg_catalog.oid end
                  and d.refclassid in ('pg_catalog.pg_operator'::pg_catalog.regclass::pg_catalog.oid,
                                       'pg_catalog.pg_opclass'::pg_catalog.regclass::pg_catalog.oid)
                  and not exists (select from pg_catalog.pg_depend x
                                  where x.classid = d.refclassid and x.objid = d.refobjid and x.deptype = 'e'))
), part (class, id, place, at, definition) as (
  select m.class, m.id, 1, 0::pg_catalog.int8,
         case p.prokind when 'a' then (
           select 'aggregate (sfunc = ' || a.aggtransfn::pg_catalog.regprocedure::pg_catalog.text
             || coalesce(', finalfunc = '
                         || nullif(a.aggfinalfn::pg_catalog.oid, '0'::pg_catalog.oid)::pg_catalog.regprocedure::pg_catalog.text, '')
             || coalesce(', combinefunc = '
                         || nullif(a.aggcombinefn::pg_catalog.oid, '0'::pg_catalog.oid)::pg_catalog.regprocedure::pg_catalog.text, '')
             || coalesce(', serialfunc = '
                         || nullif(a.aggserialfn::pg_catalog.oid, '0'::pg_catalog.oid)::pg_catalog.regprocedure::pg_catalog.text, '')
             || coalesce(', deserialfunc = '
                         || nullif(a.aggdeserialfn::pg_catalog.oid, '0'::pg_catalog.oid)::pg_catalog.regprocedure::pg_catalog.text, '')
             || coalesce(', msfunc = '
                         || nullif(a.aggmtransfn::pg_catalog.oid, '0'::pg_catalog.oid)::pg_catalog.regprocedure::pg_catalog.text, '')
             || coalesce(', minvfunc = '
                         || nullif(a.aggminvtransfn::pg_catalog.oid, '0'::pg_catalog.oid)::pg_catalog.regprocedure::pg_catalog.text, '')
             || coalesce(', mfinalfunc = '
                         || nullif(a.aggmfinalfn::pg_catalog.oid, '0'::pg_catalog.oid)::pg_catalog.regprocedure::pg_catalog.text, '')
             || ', initcond = ' || pg_catalog.quote_nullable(a.agginitval) || ')'
           from pg_catalog.pg_aggregate a where a.aggfnoid::pg_catalog.oid = p.oid)
         else case when pg_catalog.octet_length(coalesce(p.prosqlbody::pg_catalog.text, '') || coalesce(p.proargdefaults::pg_catalog.text, '') || p.prosrc) > 200000
              then 'in ' || (select l.lanname::pg_catalog.text from pg_catalog.pg_language l where l.oid = p.prolang)
                || case when p.prosecdef then ', security definer' else '' end || coalesce(', set ' || (select pg_catalog.string_agg(o.name || '=' || o.value, ', '::pg_catalog.text order by o.at)
                               from pg_catalog.pg_options_to_table(p.proconfig) with ordinality as o(name, value, at)), '')
                || ', a body of md5 ' || pg_catalog.md5(coalesce(p.prosqlbody::pg_catalog.text, '') || coalesce(p.proargdefaults::pg_catalog.text, '') || p.prosrc)
              else pg_catalog.pg_get_functiondef(p.oid) end end
  from mine m
  join pg_catalog.pg_proc p on m.class = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid and p.oid = m.id
  join pg_catalog.pg_language l on l.oid = p.prolang
  where p.prokind = 'a' or p.prosecdef or l.lanname not in ('c', 'internal')
  union all
  select m.class, m.id, 1, 0,
         case c.relkind when 'v' then 'view' else 'materialized view' end
           || coalesce(' with (' || (select pg_catalog.string_agg(o.name || '=' || o.value, ', '::pg_catalog.text order by o.at)
                                     from pg_catalog.pg_options_to_table(c.reloptions) with ordinality as o(name, value, at)) || ')', '')
           || e' as\n'
           || case when pg_catalog.octet_length(w.ev_action::pg_catalog.text) > 200000 then 'a tree of md5 ' || pg_catalog.md5(w.ev_action::pg_catalog.text) else pg_catalog.pg_get_viewdef(c.oid) end
  from mine m
  join pg_catalog.pg_class c on m.class = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid and c.oid = m.id
  join pg_catalog.pg_rewrite w on w.ev_class = c.oid and w.rulename = '_RETURN'
  where c.relkind in ('v', 'm')
  union all
  select m.class, m.id, 2, w.oid::pg_catalog.int8,
         case when pg_catalog.octet_length(w.ev_action::pg_catalog.text || w.ev_qual::pg_catalog.text) > 200000
              then 'rule ' || pg_catalog.quote_ident(w.rulename::pg_catalog.text) || ': a tree of md5 '
                || pg_catalog.md5(w.ev_action::pg_catalog.text || w.ev_qual::pg_catalog.text)
              else pg_catalog.pg_get_ruledef(w.oid) end || case w.ev_enabled when 'O' then '' else ' -- enabled: ' || w.ev_enabled::pg_catalog.text end
  from mine m
  join pg_catalog.pg_rewrite w on m.class = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid and w.ev_class = m.id
  where w.rulename <> '_RETURN'
  union all
  select m.class, m.id, 3, t.oid::pg_catalog.int8,
         case when pg_catalog.octet_length(t.tgqual::pg_catalog.text) > 200000
              then 'trigger ' || pg_catalog.quote_ident(t.tgname::pg_catalog.text) || ' with ' || t.tgfoid::pg_catalog.regprocedure::pg_catalog.text
                || ', its condition a tree of md5 ' || pg_catalog.md5(t.tgqual::pg_catalog.text)
              else pg_catalog.pg_get_triggerdef(t.oid) end || coalesce(' -- enabled: ' || nullif(t.tgenabled::pg_catalog.text, 'O'), '')
           || coalesce(e'\n' ||
           -- a function of the same schema has a row of its own, or is the ddl role's already
           (select case when pg_catalog.octet_length(coalesce(f.prosqlbody::pg_catalog.text, '') || coalesce(f.proargdefaults::pg_catalog.text, '') || f.prosrc) > 200000
                        then 'in ' || (select l.lanname::pg_catalog.text from pg_catalog.pg_language l where l.oid = f.prolang)
                          || case when f.prosecdef then ', security definer' else '' end || coalesce(', set ' || (select pg_catalog.string_agg(o.name || '=' || o.value, ', '::pg_catalog.text order by o.at)
                               from pg_catalog.pg_options_to_table(f.proconfig) with ordinality as o(name, value, at)), '')
                          || ', a body of md5 ' || pg_catalog.md5(coalesce(f.prosqlbody::pg_catalog.text, '') || coalesce(f.proargdefaults::pg_catalog.text, '') || f.prosrc)
                        else pg_catalog.pg_get_functiondef(f.oid) end
            from pg_catalog.pg_proc f
            left join pg_catalog.pg_roles r on r.oid = f.proowner
            join pg_catalog.pg_class c on c.oid = t.tgrelid
            where f.oid = t.tgfoid and f.pronamespace <> c.relnamespace and r.rolsuper is distinct from true), '')
  from mine m
  join pg_catalog.pg_trigger t on m.class = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid and t.tgrelid = m.id
  where not t.tgisinternal
  union all
  -- without the roles that it is for, which aren't code
  select m.class, m.id, 9, l.oid::pg_catalog.int8,
         case when l.polpermissive then 'permissive' else 'restrictive' end
           || ' policy ' || pg_catalog.quote_ident(l.polname::pg_catalog.text)
           || ' for ' || case l.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
                                       when 'd' then 'delete' else 'all' end
           || coalesce(' using (' || case when pg_catalog.octet_length(l.polqual::pg_catalog.text) > 200000 then 'a tree of md5 ' || pg_catalog.md5(l.polqual::pg_catalog.text) else pg_catalog.pg_get_expr(l.polqual, l.polrelid) end || ')', '')
           || coalesce(' with check (' || case when pg_catalog.octet_length(l.polwithcheck::pg_catalog.text) > 200000 then 'a tree of md5 ' || pg_catalog.md5(l.polwithcheck::pg_catalog.text) else pg_catalog.pg_get_expr(l.polwithcheck, l.polrelid) end || ')', '')
  from mine m
  join pg_catalog.pg_policy l on m.class = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid and l.polrelid = m.id
  union all
  -- a cast is nobody's: whoever owns one of its types may make it
  select m.class, m.id, 10, k.oid::pg_catalog.int8,
         'cast (' || pg_catalog.format_type(k.castsource, null::pg_catalog.int4)
           || ' as ' || pg_catalog.format_type(k.casttarget, null::pg_catalog.int4)
           || ') with ' || k.castfunc::pg_catalog.regprocedure::pg_catalog.text
  from pg_catalog.pg_cast k
  join pg_catalog.pg_type t on t.oid in (k.castsource, k.casttarget)
  join mine m on m.class = 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid and m.id = t.oid
              or m.class = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid and m.id = t.typrelid
  where k.castfunc >= '16384'::pg_catalog.oid
    and not exists (select from pg_catalog.pg_proc p join pg_catalog.pg_roles r on r.oid = p.proowner
                    where p.oid = k.castfunc and r.rolsuper)
  union all
  select r.class, r.id, r.place, r.at, r.definition from running r
  union all
  select m.class, m.id, 1, 0,
         'range (subtype = ' || pg_catalog.format_type(g.rngsubtype, null::pg_catalog.int4)
           || coalesce(', subtype_diff = '
                       || nullif(g.rngsubdiff::pg_catalog.oid, '0'::pg_catalog.oid)::pg_catalog.regprocedure::pg_catalog.text, '')
           || coalesce(', canonical = '
                       || nullif(g.rngcanonical::pg_catalog.oid, '0'::pg_catalog.oid)::pg_catalog.regprocedure::pg_catalog.text, '')
           || coalesce((select ', subtype_opclass = ' || i.identity
                        from pg_catalog.pg_identify_object('pg_catalog.pg_opclass'::pg_catalog.regclass::pg_catalog.oid, g.rngsubopc,
                                                           '0'::pg_catalog.int4) i
                        where g.rngsubopc >= '16384'::pg_catalog.oid), '')
           || ')'
  from mine m
  join pg_catalog.pg_range g on m.class = 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid and g.rngtypid = m.id
  where g.rngsubdiff::pg_catalog.oid >= '16384'::pg_catalog.oid or g.rngcanonical::pg_catalog.oid >= '16384'::pg_catalog.oid
     or g.rngsubopc >= '16384'::pg_catalog.oid
  union all
  select m.class, m.id, 1, 0,
         'operator (function = '
           || coalesce(nullif(o.oprcode::pg_catalog.oid, '0'::pg_catalog.oid)::pg_catalog.regprocedure::pg_catalog.text, 'none')
           || coalesce(', restrict = '
                       || nullif(o.oprrest::pg_catalog.oid, '0'::pg_catalog.oid)::pg_catalog.regprocedure::pg_catalog.text, '')
           || coalesce(', join = '
                       || nullif(o.oprjoin::pg_catalog.oid, '0'::pg_catalog.oid)::pg_catalog.regprocedure::pg_catalog.text, '')
           || ')'
  from mine m
  join pg_catalog.pg_operator o on m.class = 'pg_catalog.pg_operator'::pg_catalog.regclass::pg_catalog.oid and o.oid = m.id
  union all
  select m.class, m.id, 1, 0,
         'functions ' || f.functions
  from mine m
  join (
    select 'pg_catalog.pg_opfamily'::pg_catalog.regclass::pg_catalog.oid as class, a.amprocfamily as id,
           pg_catalog.string_agg(a.amproc::pg_catalog.regprocedure::pg_catalog.text, ', '::pg_catalog.text
                                 order by a.amproclefttype, a.amprocrighttype, a.amprocnum) as functions
    from pg_catalog.pg_amproc a
    group by a.amprocfamily
    union all
    select 'pg_catalog.pg_opclass'::pg_catalog.regclass::pg_catalog.oid, c.oid,
           pg_catalog.string_agg(a.amproc::pg_catalog.regprocedure::pg_catalog.text, ', '::pg_catalog.text
                                 order by a.amproclefttype, a.amprocrighttype, a.amprocnum)
    from pg_catalog.pg_opclass c
    join pg_catalog.pg_amproc a on a.amprocfamily = c.opcfamily
    where c.oid >= '16384'::pg_catalog.oid
    group by c.oid
  ) f on f.class = m.class and f.id = m.id
  union all
  select m.class, m.id, 1, 0, 'conversion by ' || c.conproc::pg_catalog.regprocedure::pg_catalog.text
  from mine m
  join pg_catalog.pg_conversion c on m.class = 'pg_catalog.pg_conversion'::pg_catalog.regclass::pg_catalog.oid and c.oid = m.id
)
select m.key                                                    as object,
       i.type                                                   as kind,
       i.identity                                               as identity,
       pg_catalog.pg_get_userbyid(m.owner)::pg_catalog.text     as owner,
       p.definition                                             as definition
from mine m
join (
  select p.class, p.id, pg_catalog.string_agg(p.definition, e'\n'::pg_catalog.text order by p.place, p.at, p.definition) as definition
  from part p
  group by p.class, p.id
) p on p.class = m.class and p.id = m.id
cross join lateral pg_catalog.pg_identify_object(m.class, m.id, '0'::pg_catalog.int4) i
order by 1, 2, 3
