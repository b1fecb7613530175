-- How many sessions each role has in which database, this one and the bootstrap superuser's aside; walsenders and workers of a role
-- too. Any role may ask.
-- Workers of a parallel query end with their leader. A role that was dropped has the name that pg_get_userbyid gives it.
select pg_catalog.pg_get_userbyid(a.usesysid)::text as role,
       a.datname::text                              as database,
       pg_catalog.count(*)                          as sessions
from pg_catalog.pg_stat_activity a
where a.usesysid <> 10::oid and a.leader_pid is null and a.pid <> pg_catalog.pg_backend_pid()
group by a.usesysid, a.datname
order by 1, 2
