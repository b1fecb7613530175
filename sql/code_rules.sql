-- Rules but the views' own: on which relation, at what (2 update, 3 insert, 4 delete), the relations that they name, and what their text says
-- of each (4 update, 8 insert, 16 delete; where a name begins with another, or stands in a string, too much; of a text that may be nested
-- deeper than the server's stack goes, all). They run with the rights of
-- the relation's owner. Any role may ask.
select r.rulename::text                                             as name,
       array[c.relkind::text, n.nspname::text, c.relname::text, ''] as relation,
       r.ev_type                                                    as letter,
       array[o.relkind::text, s.nspname::text, o.relname::text, ''] as other,
       pg_catalog.bit_or(case when u.long then v.bit
                               when pg_catalog.strpos(t.text, v.words || q.name) > 0
                                or pg_catalog.strpos(t.text, v.words || s.schema || q.name) > 0 then v.bit else 0 end
                          -- INSERT ... ON CONFLICT DO UPDATE
                          | case when pg_catalog.strpos(t.text, ' ON CONFLICT') > 0 then 4 else 0 end) as events
from pg_catalog.pg_rewrite r
join pg_catalog.pg_class c on c.oid = r.ev_class
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass::pg_catalog.oid and d.objid = r.oid
                           and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid and d.refobjid <> c.oid
join pg_catalog.pg_class o on o.oid = d.refobjid and o.relkind in ('r', 'p', 'v', 'm', 'f')
join (select s.oid, s.nspname, pg_catalog.quote_ident(s.nspname::text) || '.' as schema from pg_catalog.pg_namespace s) s
  on s.oid = o.relnamespace
cross join lateral (select pg_catalog.octet_length(r.ev_action::pg_catalog.text || r.ev_qual::pg_catalog.text) > 200000 as long) u
cross join lateral (select case when not u.long then pg_catalog.pg_get_ruledef(r.oid) end as text) t
cross join lateral (select pg_catalog.quote_ident(o.relname::text) as name) q
cross join (values ('INSERT INTO ', 8), ('UPDATE ', 4), ('UPDATE ONLY ', 4), ('DELETE FROM ', 16), ('DELETE FROM ONLY ', 16),
                   ('MERGE INTO ', 28), ('MERGE INTO ONLY ', 28)) v(words, bit)
where r.rulename <> '_RETURN' and r.ev_enabled <> 'D' and r.ev_class >= '16384'::pg_catalog.oid
group by 1, 2, 3, 4
order by 2, 1, 4
