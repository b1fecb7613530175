-- Row security policies of this database that name the roles $1, each with all that it says. Any role may ask.
select r.rolname::text                                   as role,
       p.polname::text                                   as name,
       (pg_catalog.parse_ident(i.schema))[1]              as schema,
       i.identity                                        as "table",
       array(select a.rolname::text from pg_catalog.pg_roles a where a.oid = any (p.polroles) order by 1) as roles,
       p.polpermissive                                   as permissive,
       case p.polcmd when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE' when 'd' then 'DELETE'
                     else 'ALL' end                      as command,
       pg_catalog.pg_get_expr(p.polqual, p.polrelid)      as "using",
       pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) as "check"
from pg_catalog.pg_policy p
join pg_catalog.pg_roles r on r.rolname = any ($1) and r.oid = any (p.polroles)
cross join lateral pg_catalog.pg_identify_object('pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, p.polrelid, 0) i
order by 1, 4, 2
