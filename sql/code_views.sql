-- Views through which rows can be written, by what without a trigger (pg_relation_is_updatable: 4 update, 8 insert, 16 delete), and
-- whether a rule of the view does it, not the view itself. Any role may ask.
select array['v', n.nspname::text, v.relname::text, '']             as view,
       pg_catalog.pg_relation_is_updatable(v.oid::pg_catalog.regclass, false)            as events,
       exists (select from pg_catalog.pg_rewrite r where r.ev_class = v.oid and r.ev_type <> '1') as by_rule
from pg_catalog.pg_class v
join pg_catalog.pg_namespace n on n.oid = v.relnamespace
where v.relkind = 'v' and v.oid >= '16384'::pg_catalog.oid -- FirstNormalObjectId
  and (pg_catalog.pg_relation_is_updatable(v.oid::pg_catalog.regclass, false) <> 0 or v.relhastriggers)
order by 1
