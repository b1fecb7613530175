-- The databases in which something hangs on the roles $1, each with the role. Any role may ask, and need connect to none of them.
select d.datname::text as name,
       r.rolname::text as role
from pg_catalog.pg_shdepend s
join pg_catalog.pg_roles r on r.oid = s.refobjid
join pg_catalog.pg_database d on d.oid = s.dbid
where s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass::pg_catalog.oid and r.rolname = any ($1)
union
select d.datname::text, r.rolname::text
from pg_catalog.pg_subscription b
join pg_catalog.pg_roles r on r.oid = b.subowner
join pg_catalog.pg_database d on d.oid = b.subdbid
where r.rolname = any ($1)
order by 1, 2
