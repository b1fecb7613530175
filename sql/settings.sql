-- Settings of roles and databases: ALTER ROLE ... [IN DATABASE ...] SET, ALTER DATABASE ... SET. Any role may ask.
select d.datname::text                                  as database,
       r.rolname::text                                  as role,
       c.option_name                                    as parameter,
       c.option_value                                   as value
from pg_catalog.pg_db_role_setting s
-- what splits options splits settings, and isn't polymorphic as unnest is
cross join lateral pg_catalog.pg_options_to_table(s.setconfig) as c
left join pg_catalog.pg_database d on d.oid = s.setdatabase
left join pg_catalog.pg_roles r on r.oid = s.setrole
order by 1, 2, 3
