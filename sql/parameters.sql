-- Parameters that somebody may set by a right of their own: GRANT SET ON PARAMETER. From 15 on. Any role may ask.
select p.parname       as name,
       p.paracl::text[] as acl
from pg_catalog.pg_parameter_acl p
order by 1
