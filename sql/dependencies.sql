-- What belongs to an extension (deptype e), and what belongs to a table's column: sequences (a: serial, i: identity), and
-- among them indexes, which the reader passes over. One scan of pg_depend. What a trusted extension's script makes is a superuser's; what
-- isn't, its owner made a member himself (ALTER EXTENSION … ADD), and it doesn't hide by that. Any role may ask.
select d.deptype                       as deptype,
       d.classid::pg_catalog.regclass::text as catalog,
       pg_catalog.array_agg(d.objid)    as objects,
       pg_catalog.array_agg(d.refobjid) as referenced
from pg_catalog.pg_depend d
where d.deptype = 'e'
      and not exists (select from pg_catalog.pg_shdepend o
                      join pg_catalog.pg_roles r on r.oid = o.refobjid and not r.rolsuper
                      where o.dbid = (select b.oid from pg_catalog.pg_database b where b.datname = pg_catalog.current_database())
                        and o.classid = d.classid and o.objid = d.objid and o.objsubid = 0
                        and o.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass and o.deptype = 'o')
   or d.deptype in ('a', 'i')
      and d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
      and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
      and d.refobjsubid > 0 and d.objsubid = 0
group by d.deptype, d.classid
order by 1, 2
