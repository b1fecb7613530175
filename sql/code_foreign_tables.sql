-- Foreign tables and the server of each. Any role may ask.
select array['f', n.nspname::text, c.relname::text, ''] as "table",
       s.srvname::text                                  as server
from pg_catalog.pg_foreign_table f
join pg_catalog.pg_class c on c.oid = f.ftrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_foreign_server s on s.oid = f.ftserver
order by 1
