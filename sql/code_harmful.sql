-- The system's own functions that aren't known to be harmless, the one list for every question that asks what code does: all that aren't
-- immutable, but those that only read or make a value. "by_name" are those that run what a text or a number names: a domain's checks, a query,
-- a cursor. Any role may ask.
select p.oid as routine, k.by_name
from pg_catalog.pg_proc p
cross join lateral (
  select p.proname = any ('{array_in,domain_in,record_in,range_in,multirange_in,pg_input_is_valid,pg_input_error_info,ts_stat}'::pg_catalog.name[])
         or p.proname::pg_catalog.text ~ '_to_xml'::pg_catalog.text
         or p.proname = 'ts_rewrite'::pg_catalog.name and p.pronargs = '2'::pg_catalog.int2 as by_name
) k
where p.oid < '16384'::pg_catalog.oid
  and (k.by_name
       or p.provolatile = 's'::pg_catalog."char" and p.proname::pg_catalog.text ~ '^pg_stat_get'::pg_catalog.text
       or p.provolatile = 'v'::pg_catalog."char"
          and p.prorettype <> '2279'::pg_catalog.oid -- trigger
          -- a random or other number, the time, what the session itself did; sizes and states of what others may see, too
          and p.proname <> all ('{random,random_normal,setseed,clock_timestamp,timeofday,gen_random_uuid,uuidv4,uuidv7,array_shuffle,
                                  array_sample,currval,lastval,current_query,txid_status,pg_xact_status,pg_xact_commit_timestamp,
                                  pg_xact_commit_timestamp_origin,pg_last_committed_xact,pg_is_in_recovery,pg_current_wal_lsn,
                                  pg_current_wal_insert_lsn,pg_current_wal_flush_lsn,pg_last_wal_receive_lsn,pg_last_wal_replay_lsn,
                                  pg_last_xact_replay_timestamp,pg_jit_available,pg_partition_tree,pg_partition_ancestors,
                                  pg_collation_actual_version,pg_database_collation_actual_version,pg_notification_queue_usage,
                                  pg_blocking_pids,pg_relation_size,pg_table_size,pg_indexes_size,pg_total_relation_size,
                                  pg_database_size,pg_tablespace_size}'::pg_catalog.name[]))
order by 1
