-- Which relations each view reads or writes, and whether it does so with its caller's rights (from 15 on). Any role may ask.
select v.oid as view,
       coalesce((select o.option_value::pg_catalog.bool from pg_catalog.pg_options_to_table(v.reloptions) o
                 where o.option_name = 'security_invoker'), false) as invoker,
       ('{' || pg_catalog.string_agg(distinct d.refobjid::text, ',') || '}')::oid[] as relations
from pg_catalog.pg_class v
join pg_catalog.pg_rewrite r on r.ev_class = v.oid
join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass::pg_catalog.oid and d.objid = r.oid
                           and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid and d.refobjid <> v.oid
where v.relkind = 'v' and v.oid >= '16384'::pg_catalog.oid
group by v.oid, v.reloptions
order by v.oid
