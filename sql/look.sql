-- When this is read, by the server's clock, and what the server calls its cluster. One row. Any role may ask.
select pg_catalog.floor(pg_catalog.date_part('epoch'::pg_catalog.text, pg_catalog.now()))::pg_catalog.int8 as at,
       pg_catalog.current_setting('cluster_name'::pg_catalog.text)                                     as cluster_name
