-- Foreign keys that change the referencing table (CASCADE, SET NULL, SET DEFAULT), and those between tables of different owners,
-- which keep rows from going. Any role may ask.
select k.conname::text                                              as name,
       array[c.relkind::text, n.nspname::text, c.relname::text, ''] as "table",
       array[p.relkind::text, s.nspname::text, p.relname::text, ''] as "references",
       k.confdeltype                                                as on_delete,
       k.confupdtype                                                as on_update
from pg_catalog.pg_constraint k
join pg_catalog.pg_class c on c.oid = k.conrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_class p on p.oid = k.confrelid
join pg_catalog.pg_namespace s on s.oid = p.relnamespace
where k.contype = 'f' and (k.confdeltype in ('c', 'n', 'd') or k.confupdtype in ('c', 'n', 'd') or c.relowner <> p.relowner)
order by 2, 3, 1
