-- Foreign keys that change the referencing table (CASCADE, SET NULL, SET DEFAULT), and those between tables of different owners,
-- which keep rows from going; with the columns that get their default, and the triggers that an UPDATE of these columns doesn't set off. Any
-- role may ask.
select k.conname::text                                              as name,
       array[c.relkind::text, n.nspname::text, c.relname::text, ''] as "table",
       array[p.relkind::text, s.nspname::text, p.relname::text, ''] as "references",
       k.confdeltype                                                as on_delete,
       k.confupdtype                                                as on_update,
       array(select a.attname::text
             from pg_catalog.pg_attribute a
             where a.attrelid = k.conrelid and a.attnum = any (k.conkey)
               and (k.confdeltype = 'd'::pg_catalog."char" or k.confupdtype = 'd'::pg_catalog."char")
             order by 1)                                            as defaults,
       array(select t.tgname::text
             from pg_catalog.pg_trigger t
             where t.tgrelid = k.conrelid and t.tgattr::pg_catalog.text <> ''::pg_catalog.text
               and not exists (select from pg_catalog.pg_attribute a
                               where a.attrelid = k.conrelid and a.attnum = any (k.conkey) and a.attnum = any (t.tgattr::pg_catalog.int2[]))
             order by 1)                                            as deaf
from pg_catalog.pg_constraint k
join pg_catalog.pg_class c on c.oid = k.conrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_class p on p.oid = k.confrelid
join pg_catalog.pg_namespace s on s.oid = p.relnamespace
where k.contype = 'f' and (k.confdeltype in ('c', 'n', 'd') or k.confupdtype in ('c', 'n', 'd') or c.relowner <> p.relowner)
order by 2, 3, 1
