-- How many sessions does the role $1, or the database $2, have, this one aside? Any role may ask.
select count(*) as sessions
from pg_catalog.pg_stat_activity a
where (a.usename = $1 or a.datname = $2) and a.leader_pid is null and a.pid <> pg_catalog.pg_backend_pid()
