-- What belongs to an extension (deptype e), a range type's own constructors (i, of pg_proc), and what belongs to a table's column:
-- sequences (a: serial, i: identity), and among them indexes, which the reader passes over. One scan of pg_depend. Any role may ask.
select d.deptype                       as deptype,
       d.classid::pg_catalog.regclass::text as catalog,
       ('{' || pg_catalog.string_agg(d.objid::text, ',') || '}')::oid[]    as objects,
       ('{' || pg_catalog.string_agg(d.refobjid::text, ',') || '}')::oid[] as referenced
from pg_catalog.pg_depend d
left join pg_catalog.pg_class c on d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid and c.oid = d.objid
                               and d.deptype = 'e'::pg_catalog."char"
where d.deptype = 'e'
      -- a relation that somebody made a member of his own extension is his
      and (c.oid is null
           or exists (select from pg_catalog.pg_roles r where r.oid = c.relowner and r.rolsuper)
           or c.relowner = (select b.datdba from pg_catalog.pg_database b where b.datname = pg_catalog.current_database()))
   or d.deptype = 'i' and d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid
   or d.deptype in ('a', 'i')
      and d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid
      and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid
      and d.refobjsubid > 0 and d.objsubid = 0
group by d.deptype, d.classid
order by 1, 2
