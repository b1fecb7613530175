-- Transactions that are prepared and not finished, and what their locks tell of them: roles that they name, whether they change a
-- catalog (cluster-wide or not), and whether they hold a table at all. GRANT to PUBLIC, CREATE and ALTER DEFAULT PRIVILEGES leave no
-- lock, so what is false here may be so all the same. Locks are found by way of the one on the transaction's own id. Any role may ask.
with held as (
  select x.transactionid::text as xid, l.locktype, l.database, l.relation, l.classid, l.objid, l.mode
  from pg_catalog.pg_locks x
  join pg_catalog.pg_locks l on l.virtualtransaction = x.virtualtransaction and l.pid is null
  where x.locktype = 'transactionid'::text and x.mode = 'ExclusiveLock'::text and x.pid is null
), told as (
  select h.xid,
         pg_catalog.bool_or(h.locktype = 'relation'::text and h.relation::int8 >= 16384::int8)           as tables,
         pg_catalog.bool_or(h.locktype = 'object'::text and h.database <> 0::oid
                 or h.locktype = 'relation'::text and h.relation::int8 < 16384::int8 and h.database <> 0::oid
                    and h.mode <> 'AccessShareLock'::text
                 or h.locktype = 'relation'::text and h.mode = 'AccessExclusiveLock'::text)   as alters,
         pg_catalog.bool_or(h.locktype = 'relation'::text and h.database = 0::oid and h.mode <> 'AccessShareLock'::text) as shared
  from held h
  group by h.xid
)
select p.gid::text                                         as gid,
       pg_catalog.pg_get_userbyid(p.ownerid)::text         as owner,
       d.datname::text                                     as database,
       p.prepared < pg_catalog.statement_timestamp() - '1 minute'::interval as old,
       coalesce(t.alters, false) or not coalesce(t.tables, false) as alters,
       coalesce(t.shared, false)                           as shared,
       array(select distinct r.rolname::text
             from held h
             join pg_catalog.pg_roles r on r.oid = h.objid
             where h.xid = t.xid and h.locktype = 'object'::text and h.database = 0::oid and h.classid = 1260::oid
             order by 1)                                   as roles
from pg_catalog.pg_prepared_xact() p
join pg_catalog.pg_database d on d.oid = p.dbid
left join told t on t.xid = p.transaction::text
order by 1
