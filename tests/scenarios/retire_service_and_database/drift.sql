CREATE ROLE legacy_owner;
CREATE ROLE legacy_dml;
CREATE ROLE legacy_ro;
CREATE ROLE legacy_app LOGIN;
CREATE ROLE legacy_other LOGIN;
GRANT legacy_dml TO legacy_app, legacy_other;
CREATE DATABASE legacy_legacy OWNER legacy_owner;
GRANT CONNECT ON DATABASE legacy_legacy TO legacy_app;
\connect legacy_legacy
CREATE SCHEMA legacy AUTHORIZATION legacy_owner;
CREATE TABLE legacy.old (id int);
ALTER TABLE legacy.old OWNER TO legacy_owner;
GRANT SELECT ON legacy.old TO legacy_app;
\connect common
CREATE TABLE public.left_here (id int);
ALTER TABLE public.left_here OWNER TO legacy_app;
