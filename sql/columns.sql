-- Columns that have an ACL of their own. Any role may ask.
select a.attrelid        as relation,
       a.attname::text   as name,
       a.attacl::text[]  as acl
from pg_catalog.pg_attribute a
where a.attacl is not null and not a.attisdropped
  and a.attrelid >= '16384'::pg_catalog.oid -- FirstNormalObjectId: not the system's catalogs
order by 1, 2
