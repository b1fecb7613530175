-- Who holds the advisory lock of this database with the key $1, and could that role apply at all? Any role may ask; of others' sessions it
-- sees no more than name, address and start. Whoever connects may take an advisory lock: a superuser, a member of a role with
-- CREATEROLE, or a member of the database's owner could apply.
select a.pid                                                     as pid,
       a.usename::pg_catalog.text                                as "user",
       coalesce(a.application_name, ''::pg_catalog.text)         as application,
       coalesce(pg_catalog.host(a.client_addr), 'local'::pg_catalog.text) as address,
       coalesce(a.backend_start::pg_catalog.timestamptz(0)::pg_catalog.text, 'an unknown time'::pg_catalog.text) as since,
       exists (select from pg_catalog.pg_roles r
               where (r.rolcreaterole or r.oid = d.datdba)
                 and pg_catalog.pg_has_role(a.usesysid, r.oid, 'MEMBER'::pg_catalog.text)) as could_apply
from pg_catalog.pg_locks l
join pg_catalog.pg_stat_activity a on a.pid = l.pid
join pg_catalog.pg_database d on d.oid = l.database and d.datname = pg_catalog.current_database()
where l.locktype = 'advisory'::pg_catalog.text and l.granted
  and ((l.classid::pg_catalog.int8 << '32'::pg_catalog.int4) | l.objid::pg_catalog.int8) = $1::pg_catalog.int8
order by could_apply desc, a.pid
