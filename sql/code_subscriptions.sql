-- Subscriptions of this database that aren't a superuser's, and the tables that they write. From 16 on: before, only a superuser
-- has one. Any role may ask.
select s.subname::text                                              as name,
       r.rolname::text                                              as owner,
       s.subrunasowner                                              as run_as_owner,
       array[c.relkind::text, n.nspname::text, c.relname::text, ''] as "table"
from pg_catalog.pg_subscription s
join pg_catalog.pg_database d on d.oid = s.subdbid and d.datname = pg_catalog.current_database()
join pg_catalog.pg_roles r on r.oid = s.subowner and not r.rolsuper
join pg_catalog.pg_subscription_rel t on t.srsubid = s.oid
join pg_catalog.pg_class c on c.oid = t.srrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
order by 1, 4
