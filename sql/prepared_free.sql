-- How many more transactions may be prepared? 0 where max_prepared_transactions is 0, its default. Any role may ask.
select pg_catalog.current_setting('max_prepared_transactions')::int4 - count(*)::int4 as free
from pg_catalog.pg_prepared_xacts
