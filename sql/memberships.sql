-- Every membership with its grantor and options. Any role may ask.
-- From 16 on: before, the options are none of a membership's (memberships_before_16.sql).
select g.rolname::text                                              as role,
       m.rolname::text                                              as member,
       pg_catalog.pg_get_userbyid(a.grantor)::text                  as grantor,
       a.admin_option                                               as admin,
       a.inherit_option                                             as inherit,
       a.set_option                                                 as set
from pg_catalog.pg_auth_members a
join pg_catalog.pg_roles g on g.oid = a.roleid
join pg_catalog.pg_roles m on m.oid = a.member
order by 1, 2, 3
