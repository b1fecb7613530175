-- Default privileges of the roles $1 and for them, in this database. Any role may ask.
select r.rolname::text                                as role,
       pg_catalog.pg_get_userbyid(d.defaclrole)::text as owner,
       n.nspname::text                                as schema,
       d.defaclobjtype                                as letter,
       d.defaclacl::text[]                            as acl
from pg_catalog.pg_default_acl d
join pg_catalog.pg_roles r on r.rolname = any ($1)
left join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace
where d.defaclrole = r.oid
   or exists (select from pg_catalog.aclexplode(d.defaclacl) a where a.grantee = r.oid)
order by 1, 2, 3, 4
