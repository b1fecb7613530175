-- How many sessions the roles $1 have, and how many there are in the databases $2; ours aside. Any role may ask.
-- Workers of a parallel query end with their leader.
select 'r'::"char" as letter, a.usename::text as name, count(*) as sessions
from pg_catalog.pg_stat_activity a
where a.usename = any ($1) and a.leader_pid is null and a.pid <> pg_catalog.pg_backend_pid()
group by a.usename
union all
select 'd'::"char", a.datname::text, count(*)
from pg_catalog.pg_stat_activity a
where a.datname = any ($2) and a.leader_pid is null and a.pid <> pg_catalog.pg_backend_pid()
group by a.datname
order by 1, 2
