-- The things of sql/depended_on.sql, by class ($1) and number ($2), of which there are $3: what each is, whose, and where. Any role may ask.
select k.at,
       pg_catalog.pg_get_userbyid(coalesce(c.relowner, t.typowner, s.refobjid, '10'::pg_catalog.oid))::pg_catalog.text as owner,
       i.type                                                                                as kind,
       (pg_catalog.parse_ident(i.schema, true))[1]                                           as schema,
       i.identity,
       case
         when c.relkind <> 'c'::pg_catalog."char"
           then array[c.relkind::pg_catalog.text, n.nspname::pg_catalog.text, c.relname::pg_catalog.text, ''::pg_catalog.text]
         when c.oid is not null then array['T'::pg_catalog.text, n.nspname::pg_catalog.text, c.relname::pg_catalog.text, ''::pg_catalog.text]
         when t.oid is not null
           then array[case t.typtype when 'd'::pg_catalog."char" then 'D'::pg_catalog.text else 'T'::pg_catalog.text end,
                      n.nspname::pg_catalog.text, t.typname::pg_catalog.text, ''::pg_catalog.text]
         when p.oid is not null
           then array[case p.prokind when 'p'::pg_catalog."char" then 'P'::pg_catalog.text when 'a'::pg_catalog."char" then 'A'::pg_catalog.text
                                     else 'F'::pg_catalog.text end,
                      n.nspname::pg_catalog.text, p.proname::pg_catalog.text,
                      case p.prokind when 'p'::pg_catalog."char" then pg_catalog.pg_get_function_identity_arguments(p.oid)
                                     else pg_catalog.oidvectortypes(p.proargtypes) end]
       end                                                                                   as object
from pg_catalog.generate_series('1'::pg_catalog.int4, $3::pg_catalog.int4) as k(at)
cross join lateral (select ($1::pg_catalog.oid[])[k.at], ($2::pg_catalog.oid[])[k.at]) as o(class, id)
cross join lateral pg_catalog.pg_identify_object(o.class, o.id, '0'::pg_catalog.int4) i
left join pg_catalog.pg_class c on o.class = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid and c.oid = o.id
left join pg_catalog.pg_type t on o.class = 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid and t.oid = o.id
left join pg_catalog.pg_proc p on o.class = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid and p.oid = o.id
left join pg_catalog.pg_namespace n on n.oid = coalesce(c.relnamespace, t.typnamespace, p.pronamespace)
left join (pg_catalog.pg_shdepend s
           join pg_catalog.pg_database b on b.oid = s.dbid and b.datname = pg_catalog.current_database())
  on s.classid = o.class and s.objid = o.id and s.objsubid = '0'::pg_catalog.int4 and s.deptype = 'o'::pg_catalog."char"
where i.type is not null
order by 1
