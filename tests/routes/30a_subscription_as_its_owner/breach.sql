\from 16
ALTER ROLE postgres PASSWORD 'of postgres';
CREATE DATABASE feed;
\connect feed
CREATE SCHEMA svc_a;
CREATE TABLE svc_a.t (id int PRIMARY KEY, n int NOT NULL, note varchar);
CREATE PUBLICATION feed FOR TABLE svc_a.t;
SELECT pg_create_logical_replication_slot('feed', 'pgoutput');
GRANT USAGE ON SCHEMA svc_a TO svc_b_app;
GRANT INSERT ON svc_a.t TO svc_b_app;
\connect shop
GRANT pg_create_subscription TO svc_b_app;
GRANT CREATE ON DATABASE shop TO svc_b_app;
GRANT USAGE ON SCHEMA svc_a TO svc_b_app;
GRANT INSERT ON svc_a.t TO svc_b_app;
CREATE SUBSCRIPTION feed CONNECTION 'host=127.0.0.1 port={port} dbname=feed user=postgres password=''of postgres'''
  PUBLICATION feed WITH (create_slot = false, slot_name = 'feed', copy_data = false, enabled = false, run_as_owner = true);
ALTER SUBSCRIPTION feed OWNER TO svc_b_app;
ALTER SUBSCRIPTION feed ENABLE;
\end
