-- Materialized views, and the relations that each was filled from with its owner's rights. Any role may ask.
select array['m', n.nspname::text, m.relname::text, '']             as view,
       array[c.relkind::text, s.nspname::text, c.relname::text, ''] as relation
from pg_catalog.pg_class m
join pg_catalog.pg_namespace n on n.oid = m.relnamespace
join pg_catalog.pg_rewrite r on r.ev_class = m.oid
join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass::pg_catalog.oid and d.objid = r.oid
                           and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid and d.refobjid <> m.oid
join pg_catalog.pg_class c on c.oid = d.refobjid and c.relkind in ('r', 'p', 'v', 'm', 'f')
join pg_catalog.pg_namespace s on s.oid = c.relnamespace
where m.relkind = 'm'
group by 1, 2
order by 1, 2
