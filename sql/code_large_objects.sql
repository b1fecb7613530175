-- Large objects that have an ACL, as many as share it and an owner; without one they are their owner's alone. Any role may ask.
select pg_catalog.pg_get_userbyid(l.lomowner)::text                   as owner,
       l.lomacl::text[]                                               as acl,
       pg_catalog.count(*)                                            as count,
       pg_catalog.min(l.oid)                                          as example
from pg_catalog.pg_largeobject_metadata l
where l.lomacl is not null
group by l.lomowner, l.lomacl
order by 1, 2
