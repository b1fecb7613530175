-- Untrusted languages that have an ACL. Any role may ask.
select l.lanname::text                              as name,
       pg_catalog.pg_get_userbyid(l.lanowner)::text as owner,
       l.lanacl::text[]                             as acl
from pg_catalog.pg_language l
where l.lanispl and not l.lanpltrusted and l.lanacl is not null
order by 1
