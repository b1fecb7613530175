-- Default privileges of this database. Any role may ask.
select pg_catalog.pg_get_userbyid(d.defaclrole)::text as role,
       n.nspname::text                                as schema,
       d.defaclobjtype                                as letter,
       d.defaclacl::text[]                            as acl
from pg_catalog.pg_default_acl d
left join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace
order by 1, 2, 3
