-- User mappings of the roles $1 in this database, without their options. Any role may ask.
select r.rolname::text as role,
       m.srvname::text as server
from pg_catalog.pg_user_mappings m
join pg_catalog.pg_roles r on r.oid = m.umuser
where r.rolname = any ($1)
order by 1, 2
