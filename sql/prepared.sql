-- Prepared transactions with the name of an apply's, where each must be finished, whose each is, and whether that is a superuser. Any role
-- may prepare one of any name. Any role may ask.
select p.gid                            as gid,
       p.database::pg_catalog.text      as database,
       p.owner::pg_catalog.text         as owner,
       exists (select from pg_catalog.pg_roles r where r.rolname = p.owner and r.rolsuper) as superuser
from pg_catalog.pg_prepared_xacts p
where p.gid ~~ 'pgmoat:%'::pg_catalog.text
order by p.gid
