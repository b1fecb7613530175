-- Rules but the views' own: on which relation, at what (2 update, 3 insert, 4 delete), the relations that they name, and what their
-- text does to each (4 update, 8 insert, 16 delete; to read it is always possible): a text inside of a literal may look like it, which is
-- only too careful. They run with the rights of the relation's owner. Any role may ask.
select r.rulename::text                                             as name,
       array[c.relkind::text, n.nspname::text, c.relname::text, ''] as relation,
       r.ev_type                                                    as letter,
       array[o.relkind::text, s.nspname::text, o.relname::text, ''] as other,
       case when pg_catalog.strpos(t.text, 'INSERT INTO ' || o.name) = 0 then 0
            when pg_catalog.strpos(t.text, 'ON CONFLICT') > 0 then 8 + 4 else 8 end
       | case when pg_catalog.strpos(t.text, 'UPDATE ' || o.name) + pg_catalog.strpos(t.text, 'UPDATE ONLY ' || o.name) > 0 then 4 else 0 end
       | case when pg_catalog.strpos(t.text, 'DELETE FROM ' || o.name) + pg_catalog.strpos(t.text, 'DELETE FROM ONLY ' || o.name) > 0
              then 16 else 0 end
       | case when pg_catalog.strpos(t.text, 'MERGE INTO ') > 0 then 4 + 8 + 16 else 0 end as events
from pg_catalog.pg_rewrite r
join pg_catalog.pg_class c on c.oid = r.ev_class
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.objid = r.oid
                           and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refobjid <> c.oid
join (select x.oid, x.relkind, x.relname, x.relnamespace,
             pg_catalog.format('%I.%I', y.nspname, x.relname) as name
      from pg_catalog.pg_class x join pg_catalog.pg_namespace y on y.oid = x.relnamespace) o
  on o.oid = d.refobjid and o.relkind in ('r', 'p', 'v', 'm', 'f')
join pg_catalog.pg_namespace s on s.oid = o.relnamespace
cross join lateral (select pg_catalog.pg_get_ruledef(r.oid) as text) t
where r.rulename <> '_RETURN' and r.ev_enabled <> 'D' and r.ev_class >= 16384
group by 1, 2, 3, 4, 5
order by 2, 1, 4
