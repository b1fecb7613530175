-- Settings of roles and databases: ALTER ROLE ... [IN DATABASE ...] SET, ALTER DATABASE ... SET. Any role may ask.
select d.datname::text                                  as database,
       r.rolname::text                                  as role,
       pg_catalog.split_part(c.item, '=', 1)            as parameter,
       pg_catalog.substr(c.item, pg_catalog.strpos(c.item, '=') + 1) as value
from pg_catalog.pg_db_role_setting s
cross join lateral pg_catalog.unnest(s.setconfig) as c(item)
left join pg_catalog.pg_database d on d.oid = s.setdatabase
left join pg_catalog.pg_roles r on r.oid = s.setrole
order by 1, 2, 3
