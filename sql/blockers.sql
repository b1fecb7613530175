-- Who keeps the session $1 waiting for a lock, and by what: sessions, and prepared transactions, which have no session (a null pid).
-- Asked by another session of the same database, while it waits. Any role may ask; of others' sessions it sees no more than name and start.
with waits as (
  select l.locktype, l.database, l.relation, l.page, l.tuple, l.virtualxid, l.transactionid, l.classid, l.objid, l.objsubid
  from pg_catalog.pg_locks l
  where l.pid operator(pg_catalog.=) $1::pg_catalog.int4 and not l.granted
), held as (
  select h.pid, h.virtualtransaction,
         case when w.relation is not null and w.tuple is null
              then h.mode operator(pg_catalog.||) ' on '::pg_catalog.text
                   operator(pg_catalog.||) w.relation::pg_catalog.regclass::pg_catalog.text
              when w.objid is not null and w.locktype operator(pg_catalog.<>) 'advisory'::pg_catalog.text
              then h.mode operator(pg_catalog.||) ' on '::pg_catalog.text operator(pg_catalog.||)
                   coalesce(pg_catalog.pg_describe_object(w.classid, w.objid, '0'::pg_catalog.int4), 'an object'::pg_catalog.text)
              when w.locktype operator(pg_catalog.=) 'advisory'::pg_catalog.text then 'an advisory lock'::pg_catalog.text
              else 'a row that its transaction changed'::pg_catalog.text end as what
  from waits w
  join pg_catalog.pg_locks h
    on h.granted and h.locktype operator(pg_catalog.=) w.locktype
   and h.database is not distinct from w.database and h.relation is not distinct from w.relation
   and h.page is not distinct from w.page and h.tuple is not distinct from w.tuple
   and h.virtualxid is not distinct from w.virtualxid and h.transactionid is not distinct from w.transactionid
   and h.classid is not distinct from w.classid and h.objid is not distinct from w.objid
   and h.objsubid is not distinct from w.objsubid
)
select a.pid                                                              as pid,
       coalesce(a.usename::pg_catalog.text, ''::pg_catalog.text)          as "user",
       coalesce(a.application_name, ''::pg_catalog.text)                  as name,
       coalesce(coalesce(a.xact_start, a.backend_start)::pg_catalog.text, 'an unknown time'::pg_catalog.text) as since,
       (select h.what from held h where h.pid operator(pg_catalog.=) a.pid limit '1'::pg_catalog.int8) as what
from pg_catalog.pg_stat_activity a
where a.pid operator(pg_catalog.=) any (pg_catalog.pg_blocking_pids($1::pg_catalog.int4))
union all
select null::pg_catalog.int4,
       x.owner::pg_catalog.text,
       x.gid,
       x.prepared::pg_catalog.text,
       h.what operator(pg_catalog.||) ', in database '::pg_catalog.text operator(pg_catalog.||) x.database::pg_catalog.text
from held h
-- each holds a lock on its own number
join pg_catalog.pg_locks n on n.pid is null and n.granted and n.locktype operator(pg_catalog.=) 'transactionid'::pg_catalog.text
                          and n.virtualtransaction operator(pg_catalog.=) h.virtualtransaction
join pg_catalog.pg_prepared_xacts x on x.transaction operator(pg_catalog.=) n.transactionid
where h.pid is null
