-- Transactions that the roles $1 have prepared and not finished, whatever their name. Any role may ask.
select p.owner::text as role,
       p.gid::text   as gid
from pg_catalog.pg_prepared_xacts p
where p.owner = any ($1)
order by 1, 2
