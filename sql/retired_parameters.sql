-- Parameters that the roles $1 may set: GRANT SET ON PARAMETER. From 15 on. Any role may ask.
select r.rolname::text as role,
       p.parname       as name,
       (select b.rolname::text from pg_catalog.pg_roles b where b.oid = '10'::pg_catalog.oid) as owner,
       p.paracl::text[] as acl
from pg_catalog.pg_parameter_acl p
join pg_catalog.pg_roles r on r.rolname = any ($1)
where exists (select from pg_catalog.aclexplode(p.paracl) a where r.oid in (a.grantee, a.grantor))
order by 1, 2
