-- Every membership with its grantor and options. Any role may ask.
-- The options are columns from 16 on only, hence to_jsonb: before, SET is always possible, and whether a member inherits
-- is an attribute of the member (roles.sql). Before 16 a grantor may have been dropped since: then its number stands for its name.
select g.rolname::text                                              as role,
       m.rolname::text                                              as member,
       pg_catalog.pg_get_userbyid(a.grantor)::text                  as grantor,
       a.admin_option                                               as admin,
       coalesce((pg_catalog.to_jsonb(a) ->> 'inherit_option')::bool, true)         as inherit,
       coalesce((pg_catalog.to_jsonb(a) ->> 'set_option')::bool, true)             as set
from pg_catalog.pg_auth_members a
join pg_catalog.pg_roles g on g.oid = a.roleid
join pg_catalog.pg_roles m on m.oid = a.member
order by 1, 2, 3
