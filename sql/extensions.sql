-- The extensions of this database. Any role may ask.
select e.extname::text as name
from pg_catalog.pg_extension e
order by e.extname
