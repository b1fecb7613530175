-- Who holds the advisory lock of this database with the key $1? Any role may ask; of others' sessions it sees no more than
-- name, address and start.
select a.pid                                                     as pid,
       a.usename::text                                           as "user",
       coalesce(a.application_name, '')                          as application,
       coalesce(pg_catalog.host(a.client_addr), 'local')         as address,
       coalesce(a.backend_start::timestamptz(0)::text, 'an unknown time') as since
from pg_catalog.pg_locks l
join pg_catalog.pg_stat_activity a on a.pid = l.pid
where l.locktype = 'advisory' and l.granted
  and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
  and ((l.classid::int8 << 32) | l.objid::int8) = $1
order by a.pid
