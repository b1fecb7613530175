-- Views through which rows can be written, by what without a trigger (pg_relation_is_updatable: 4 update, 8 insert, 16 delete), and
-- whether a rule of the view does it, not the view itself. The server answers by going down through all views below one another, each time
-- anew, until its stack is used up: views over 64 others, and those that lead back to themselves, it isn't asked about. Any role may ask.
with recursive lower(upper, lower) as materialized (
  select distinct r.ev_class, d.refobjid
  from pg_catalog.pg_rewrite r
  join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass::pg_catalog.oid and d.objid = r.oid
                             and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid and d.refobjid <> r.ev_class
  join pg_catalog.pg_class u on u.oid = r.ev_class and u.relkind = 'v'
  join pg_catalog.pg_class l on l.oid = d.refobjid and l.relkind = 'v'
  where r.ev_class >= '16384'::pg_catalog.oid -- FirstNormalObjectId
),
-- views with a way down through as many others
over(view, levels) as (
  select distinct l.upper, 1 from lower l
  union
  select l.upper, o.levels + 1 from over o join lower l on l.lower = o.view where o.levels < 64
),
asked as materialized (
  select v.oid, n.nspname, v.relname, v.relhastriggers, d.deep,
         case when d.deep then 4 + 8 + 16 else pg_catalog.pg_relation_is_updatable(v.oid::pg_catalog.regclass, false) end as events
  from pg_catalog.pg_class v
  join pg_catalog.pg_namespace n on n.oid = v.relnamespace
  cross join lateral (select v.oid in (select o.view from over o where o.levels = 64) as deep) d
  where v.relkind = 'v' and v.oid >= '16384'::pg_catalog.oid
)
select array['v', a.nspname::text, a.relname::text, '']            as view,
       a.events                                                     as events,
       a.deep                                                       as deep,
       exists (select from pg_catalog.pg_rewrite r where r.ev_class = a.oid and r.ev_type <> '1') as by_rule
from asked a
where a.events <> 0 or a.relhastriggers
order by 1
