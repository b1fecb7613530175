-- Every database, its owner and who may connect. Any role may ask.
select d.datname::text                          as name,
       d.datallowconn                           as allow_connections,
       pg_catalog.pg_get_userbyid(d.datdba)::text as owner,
       coalesce(d.datacl, pg_catalog.acldefault('d'::pg_catalog."char", d.datdba))::text[] as acl
from pg_catalog.pg_database d
order by d.datname
