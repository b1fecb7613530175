-- Which tables are partitions or children of which. Any role may ask.
select i.inhrelid as child, i.inhparent as parent
from pg_catalog.pg_inherits i
join pg_catalog.pg_class c on c.oid = i.inhrelid
where c.relkind in ('r', 'p', 'f')
order by 1, 2
