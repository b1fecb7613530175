-- Rules but the views' own: on which relation, at what (2 update, 3 insert, 4 delete), and the relations that they name. They run
-- with the rights of the relation's owner. Any role may ask.
select r.rulename::text                                             as name,
       array[c.relkind::text, n.nspname::text, c.relname::text, ''] as relation,
       r.ev_type                                                    as letter,
       array[o.relkind::text, s.nspname::text, o.relname::text, ''] as other
from pg_catalog.pg_rewrite r
join pg_catalog.pg_class c on c.oid = r.ev_class
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.objid = r.oid
                           and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refobjid <> c.oid
join pg_catalog.pg_class o on o.oid = d.refobjid and o.relkind in ('r', 'p', 'v', 'f')
join pg_catalog.pg_namespace s on s.oid = o.relnamespace
where r.rulename <> '_RETURN' and r.ev_enabled <> 'D' and r.ev_class >= 16384
group by 1, 2, 3, 4
order by 2, 1, 4
