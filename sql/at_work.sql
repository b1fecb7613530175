-- Which sessions work for an apply, in whatever database? Each holds an advisory lock of class $1 on its own process id, from
-- before its first change until it ends. Whoever couldn't apply may take locks too, and isn't asked for: a superuser, a member
-- of a role with CREATEROLE, or a member of the database's owner could. Any role may ask.
select a.pid                                                     as pid,
       a.usename::text                                           as "user",
       coalesce(a.application_name, '')                          as application,
       coalesce(pg_catalog.host(a.client_addr), 'local')         as address,
       coalesce(a.backend_start::timestamptz(0)::text, 'an unknown time') as since
from pg_catalog.pg_locks l
join pg_catalog.pg_stat_activity a on a.pid = l.pid
join pg_catalog.pg_database d on d.oid = l.database
where l.locktype = 'advisory' and l.granted and l.objsubid = 2
  and l.classid::int8 = $1 and l.objid::int8 = l.pid
  and exists (select from pg_catalog.pg_roles r
              where (r.rolcreaterole or r.oid = d.datdba) and pg_catalog.pg_has_role(a.usesysid, r.oid, 'MEMBER'))
order by a.pid
