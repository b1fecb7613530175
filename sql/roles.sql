-- Every role and its attributes. Any role may ask; pg_roles hides only the password.
select r.rolname::text  as name,
       r.rolcanlogin    as login,
       r.rolsuper       as superuser,
       r.rolcreatedb    as create_db,
       r.rolcreaterole  as create_role,
       r.rolinherit     as inherit,
       r.rolreplication as replication,
       r.rolbypassrls   as bypass_rls,
       r.rolconnlimit   as connection_limit
from pg_catalog.pg_roles r
order by r.rolname
