-- Large objects, as many as share an owner and an ACL. Any role may ask.
select pg_catalog.pg_get_userbyid(l.lomowner)::text                   as owner,
       coalesce(l.lomacl, pg_catalog.acldefault('L', l.lomowner))::text[] as acl,
       pg_catalog.count(*)                                            as count,
       pg_catalog.min(l.oid)                                          as example
from pg_catalog.pg_largeobject_metadata l
where l.lomacl is not null
group by l.lomowner, l.lomacl
order by 1, 2
