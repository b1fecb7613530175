\connect shop
CREATE EXTENSION citext SCHEMA public;
ALTER TABLE svc_a.t ADD mail public.citext;
