-- Every membership with its grantor and options, before 16: SET is always possible, and whether a member inherits is an attribute of the
-- member (roles.sql). A grantor may have been dropped since: then its number stands for its name. Any role may ask.
select g.rolname::text                                              as role,
       m.rolname::text                                              as member,
       pg_catalog.pg_get_userbyid(a.grantor)::text                  as grantor,
       a.admin_option                                               as admin,
       true                                                         as inherit,
       true                                                         as set
from pg_catalog.pg_auth_members a
join pg_catalog.pg_roles g on g.oid = a.roleid
join pg_catalog.pg_roles m on m.oid = a.member
order by 1, 2, 3
