-- Prepared transactions that an earlier apply left, and where each must be finished. Any role may ask.
select p.gid::text      as gid,
       p.database::text as database
from pg_catalog.pg_prepared_xacts p
where p.gid like 'pgmoat:%'
order by p.gid
