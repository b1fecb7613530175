-- pgmoat: cluster shop-prod, PostgreSQL N, system identifier N
-- from:   sha256:…
-- layout: sha256:ad95b059b708533ee6343942fdb1bd0cfe9a09d73896ba9353afafb43b0a34ba
-- pending: orders: "odd.name", used by billing, does not exist yet
-- Run it with: psql -X -d postgres -f THIS_FILE
-- Each transaction commits on its own, and none is verified: `pgmoat apply` does both.
\set ON_ERROR_STOP on
\set AUTOCOMMIT on

-- in database postgres
\encoding UTF8
SET role = none; SET search_path = pg_catalog;

-- prepare: roles without rights
BEGIN;
-- 1 create: role billing_app (login of service billing)
CREATE ROLE "billing_app" NOLOGIN;
-- 2 create: role billing_ddl (ddl of service billing)
CREATE ROLE "billing_ddl" NOLOGIN;
-- 3 create: role billing_dml (dml of service billing)
CREATE ROLE "billing_dml" NOLOGIN;
-- 4 create: role billing_job (login of service billing)
CREATE ROLE "billing_job" NOLOGIN;
-- 5 create: role billing_ro (ro of service billing)
CREATE ROLE "billing_ro" NOLOGIN;
-- 6 create: role orders_bi (login of service orders)
CREATE ROLE "orders_bi" NOLOGIN;
-- 7 create: role orders_ddl (ddl of service orders)
CREATE ROLE "orders_ddl" NOLOGIN;
-- 8 create: role orders_dml (dml of service orders)
CREATE ROLE "orders_dml" NOLOGIN;
-- 9 create: role orders_migrate (login of service orders)
CREATE ROLE "orders_migrate" NOLOGIN;
-- 10 create: role orders_probe (login of service orders)
CREATE ROLE "orders_probe" NOLOGIN;
-- 11 create: role orders_ro (ro of service orders)
CREATE ROLE "orders_ro" NOLOGIN;
-- 12 create: role orders_worker (login of service orders)
CREATE ROLE "orders_worker" NOLOGIN;
-- 13 create: role pgmoat_ci (inspector)
CREATE ROLE "pgmoat_ci" NOLOGIN;
-- 14 create: role search_app (login of service search)
CREATE ROLE "search_app" NOLOGIN;
-- 15 create: role search_ddl (ddl of service search)
CREATE ROLE "search_ddl" NOLOGIN;
-- 16 create: role search_dml (dml of service search)
CREATE ROLE "search_dml" NOLOGIN;
-- 17 create: role search_ro (ro of service search)
CREATE ROLE "search_ro" NOLOGIN;
COMMIT;

-- databases: each opens only when PUBLIC can't connect any more
-- 18 create: database billing_prod, closed (nobody may connect before PUBLIC's CONNECT is gone)
CREATE DATABASE "billing_prod" TEMPLATE template0 OWNER "pgmoat_admin" ALLOW_CONNECTIONS false;

-- 19 create: database search_prod, closed (nobody may connect before PUBLIC's CONNECT is gone)
CREATE DATABASE "search_prod" TEMPLATE template0 OWNER "pgmoat_admin" ALLOW_CONNECTIONS false;

BEGIN;
-- 20 alter: database billing_prod opens, without PUBLIC (only declared roles may connect)
REVOKE ALL ON DATABASE "billing_prod" FROM PUBLIC;
ALTER DATABASE "billing_prod" ALLOW_CONNECTIONS true;
COMMIT;

BEGIN;
-- 21 alter: database search_prod opens, without PUBLIC (only declared roles may connect)
REVOKE ALL ON DATABASE "search_prod" FROM PUBLIC;
ALTER DATABASE "search_prod" ALLOW_CONNECTIONS true;
COMMIT;

-- converge: a transaction for each database
\connect billing_prod
-- in database billing_prod
\encoding UTF8
SET role = none; SET search_path = pg_catalog;
BEGIN;
-- 22 create: schema billing, owned by billing_ddl (the layout declares it)
CREATE SCHEMA "billing" AUTHORIZATION "billing_ddl";
-- 23 alter: billing_app in database billing_prod: search_path = "billing", "public" (a name without a schema is the service's own)
ALTER ROLE "billing_app" IN DATABASE "billing_prod" SET "search_path" TO 'billing', 'public';
-- 24 alter: billing_job in database billing_prod: search_path = "billing", "public" (a name without a schema is the service's own)
ALTER ROLE "billing_job" IN DATABASE "billing_prod" SET "search_path" TO 'billing', 'public';
-- 25 join: billing_app, billing_job become member of billing_dml (the layout declares the membership)
GRANT "billing_dml" TO "billing_app" WITH INHERIT TRUE, SET TRUE;
GRANT "billing_dml" TO "billing_job" WITH INHERIT TRUE, SET TRUE;
-- 26 grant: USAGE on schema billing to billing_dml, billing_ro (billing_dml is the dml role of service billing; billing_ro is the ro role of service billing)
GRANT USAGE ON SCHEMA "billing" TO "billing_dml", "billing_ro";
-- 27 default: SELECT on later tables of billing_ddl in schema billing to billing_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" IN SCHEMA "billing" GRANT SELECT ON TABLES TO "billing_ro";
-- 28 default: SELECT, INSERT, UPDATE, DELETE on later tables of billing_ddl in schema billing to billing_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" IN SCHEMA "billing" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "billing_dml";
-- 29 default: SELECT on later sequences of billing_ddl in schema billing to billing_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" IN SCHEMA "billing" GRANT SELECT ON SEQUENCES TO "billing_ro";
-- 30 default: SELECT, UPDATE, USAGE on later sequences of billing_ddl in schema billing to billing_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" IN SCHEMA "billing" GRANT SELECT, UPDATE, USAGE ON SEQUENCES TO "billing_dml";
-- 31 default: EXECUTE on later functions of billing_ddl in schema billing to billing_dml, billing_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" IN SCHEMA "billing" GRANT EXECUTE ON FUNCTIONS TO "billing_dml", "billing_ro";
-- 32 default: EXECUTE on later functions of billing_ddl not to PUBLIC (PostgreSQL gives it to PUBLIC unless told otherwise)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
COMMIT;

\connect orders
-- in database orders
\encoding UTF8
SET role = none; SET search_path = pg_catalog;
BEGIN;
-- 33 create: extension pgcrypto (the layout declares it, and no service may create it)
CREATE EXTENSION "pgcrypto" SCHEMA "public";
-- 34 alter: orders_app: app.tenant = x (the layout declares it)
ALTER ROLE "orders_app" SET "app"."tenant" TO 'x';
-- 35 alter: orders_app: jit = false (the layout declares it)
ALTER ROLE "orders_app" SET "jit" TO 'false';
-- 36 alter: orders_app: statement_timeout = 30s (the layout declares it)
ALTER ROLE "orders_app" SET "statement_timeout" TO '30s';
-- 37 alter: orders_app: work_mem = 65536 [changes-settings] (the layout declares it)
ALTER ROLE "orders_app" SET "work_mem" TO '65536';
-- 38 alter: orders_app in database orders: search_path = "orders", "archive", "public" [changes-settings] (a name without a schema is the service's own)
ALTER ROLE "orders_app" IN DATABASE "orders" SET "search_path" TO 'orders', 'archive', 'public';
-- 39 alter: orders_bi in database orders: search_path = "orders", "archive", "public" (a name without a schema is the service's own)
ALTER ROLE "orders_bi" IN DATABASE "orders" SET "search_path" TO 'orders', 'archive', 'public';
-- 40 alter: orders_migrate in database orders: role = orders_ddl (what a ddl login creates belongs to the ddl role)
ALTER ROLE "orders_migrate" IN DATABASE "orders" SET "role" TO 'orders_ddl';
-- 41 alter: orders_migrate in database orders: search_path = "orders", "archive", "public" (a name without a schema is the service's own)
ALTER ROLE "orders_migrate" IN DATABASE "orders" SET "search_path" TO 'orders', 'archive', 'public';
-- 42 alter: orders_probe in database orders: search_path = "orders", "archive", "public" (a name without a schema is the service's own)
ALTER ROLE "orders_probe" IN DATABASE "orders" SET "search_path" TO 'orders', 'archive', 'public';
-- 43 alter: orders_worker in database orders: search_path = "orders", "archive", "public" (a name without a schema is the service's own)
ALTER ROLE "orders_worker" IN DATABASE "orders" SET "search_path" TO 'orders', 'archive', 'public';
-- 44 own: schema archive: from postgres to orders_ddl [moves-owner] (what the schema holds belongs to orders_ddl)
ALTER SCHEMA "archive" OWNER TO "orders_ddl";
-- 45 own: 2 tables in schema archive: from postgres to orders_ddl [moves-owner] (what the schema holds belongs to orders_ddl)
ALTER TABLE "archive"."jobs_2024" OWNER TO "orders_ddl";
ALTER TABLE "archive"."orders_2024" OWNER TO "orders_ddl";
-- 46 own: schema orders: from postgres to orders_ddl [moves-owner] (what the schema holds belongs to orders_ddl)
ALTER SCHEMA "orders" OWNER TO "orders_ddl";
-- 47 own: 4 tables in schema orders: from postgres to orders_ddl [moves-owner] (what the schema holds belongs to orders_ddl)
ALTER TABLE "orders"."frozen" OWNER TO "orders_ddl";
ALTER TABLE "orders"."inbox" OWNER TO "orders_ddl";
ALTER TABLE "orders"."jobs" OWNER TO "orders_ddl";
ALTER TABLE "orders"."orders" OWNER TO "orders_ddl";
-- 48 own: partitioned table orders.audit_log: from postgres to orders_ddl [moves-owner] (what the schema holds belongs to orders_ddl)
ALTER TABLE "orders"."audit_log" OWNER TO "orders_ddl";
-- 49 join: orders_migrate becomes member of orders_ddl (the layout declares the membership)
GRANT "orders_ddl" TO "orders_migrate" WITH INHERIT TRUE, SET TRUE;
-- 50 join: orders_app, orders_worker become member of orders_dml [widens-role] (the layout declares the membership)
GRANT "orders_dml" TO "orders_app" WITH INHERIT TRUE, SET TRUE;
GRANT "orders_dml" TO "orders_worker" WITH INHERIT TRUE, SET TRUE;
-- 51 join: orders_bi, orders_probe become member of orders_ro (the layout declares the membership)
GRANT "orders_ro" TO "orders_bi" WITH INHERIT TRUE, SET TRUE;
GRANT "orders_ro" TO "orders_probe" WITH INHERIT TRUE, SET TRUE;
-- 52 grant: USAGE on schema archive to billing_app, orders_dml, orders_ro, search_dml (service billing uses service orders; orders_dml is the dml role of service orders; orders_ro is the ro role of service orders; service search uses service orders)
GRANT USAGE ON SCHEMA "archive" TO "billing_app", "orders_dml", "orders_ro", "search_dml";
-- 53 grant: SELECT on 2 tables in schema archive to orders_dml, orders_ro, search_dml (orders_dml is the dml role of service orders; orders_ro is the ro role of service orders; service search uses service orders)
GRANT SELECT ON TABLE "archive"."jobs_2024", "archive"."orders_2024" TO "orders_dml", "orders_ro", "search_dml";
-- 54 grant: SELECT on table archive.orders_2024 to billing_app (service billing uses service orders)
GRANT SELECT ON TABLE "archive"."orders_2024" TO "billing_app";
-- 55 grant: USAGE on schema orders to billing_app, orders_dml, orders_ro, search_dml (service billing uses service orders; orders_dml is the dml role of service orders; orders_ro is the ro role of service orders; service search uses service orders)
GRANT USAGE ON SCHEMA "orders" TO "billing_app", "orders_dml", "orders_ro", "search_dml";
-- 56 grant: SELECT on 3 sequences in schema orders to orders_dml, orders_ro (orders_dml is the dml role of service orders; orders_ro is the ro role of service orders)
GRANT SELECT ON SEQUENCE "orders"."inbox_id_seq", "orders"."jobs_id_seq", "orders"."orders_id_seq" TO "orders_dml", "orders_ro";
-- 57 grant: SELECT, UPDATE, USAGE on sequence orders.inbox_id_seq to billing_app (service billing uses service orders)
GRANT SELECT, UPDATE, USAGE ON SEQUENCE "orders"."inbox_id_seq" TO "billing_app";
-- 58 grant: SELECT, UPDATE, USAGE on sequence orders.jobs_id_seq to orders_worker (the layout names orders_worker as the writer)
GRANT SELECT, UPDATE, USAGE ON SEQUENCE "orders"."jobs_id_seq" TO "orders_worker";
-- 59 grant: SELECT, UPDATE, USAGE on sequence orders.orders_id_seq to orders_app (the layout names orders_app as the writer)
GRANT SELECT, UPDATE, USAGE ON SEQUENCE "orders"."orders_id_seq" TO "orders_app";
-- 60 grant: SELECT on 1 partitioned table, 4 tables in schema orders to orders_ro, search_dml (orders_ro is the ro role of service orders; service search uses service orders)
GRANT SELECT ON TABLE "orders"."frozen", "orders"."inbox", "orders"."jobs", "orders"."orders", "orders"."audit_log" TO "orders_ro", "search_dml";
-- 61 grant: SELECT on 1 partitioned table, 3 tables in schema orders to orders_dml (orders_dml is the dml role of service orders)
GRANT SELECT ON TABLE "orders"."inbox", "orders"."jobs", "orders"."orders", "orders"."audit_log" TO "orders_dml";
-- 62 grant: SELECT on table orders.orders to billing_app (service billing uses service orders)
GRANT SELECT ON TABLE "orders"."orders" TO "billing_app";
-- 63 grant: INSERT on partitioned table orders.audit_log to orders_app (the layout names orders_app as the writer)
GRANT INSERT ON TABLE "orders"."audit_log" TO "orders_app";
-- 64 grant: INSERT, UPDATE, DELETE on table orders.jobs to orders_worker (the layout names orders_worker as the writer)
GRANT INSERT, UPDATE, DELETE ON TABLE "orders"."jobs" TO "orders_worker";
-- 65 grant: INSERT, UPDATE, DELETE on table orders.orders to orders_app (the layout names orders_app as the writer)
GRANT INSERT, UPDATE, DELETE ON TABLE "orders"."orders" TO "orders_app";
-- 66 grant: INSERT, TRUNCATE on table orders.inbox to billing_app (service billing uses service orders)
GRANT INSERT, TRUNCATE ON TABLE "orders"."inbox" TO "billing_app";
-- 67 grant: USAGE on schema public to orders_ddl, orders_dml, orders_ro (orders_ddl is the ddl role of service orders; orders_dml is the dml role of service orders; orders_ro is the ro role of service orders)
GRANT USAGE ON SCHEMA "public" TO "orders_ddl", "orders_dml", "orders_ro";
-- 68 default: SELECT on later tables of orders_ddl in schema archive to orders_dml, orders_ro, search_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "archive" GRANT SELECT ON TABLES TO "orders_dml", "orders_ro", "search_dml";
-- 69 default: SELECT on later sequences of orders_ddl in schema archive to orders_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "archive" GRANT SELECT ON SEQUENCES TO "orders_ro";
-- 70 default: SELECT, UPDATE, USAGE on later sequences of orders_ddl in schema archive to orders_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "archive" GRANT SELECT, UPDATE, USAGE ON SEQUENCES TO "orders_dml";
-- 71 default: EXECUTE on later functions of orders_ddl in schema archive to orders_dml, orders_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "archive" GRANT EXECUTE ON FUNCTIONS TO "orders_dml", "orders_ro";
-- 72 default: SELECT on later tables of orders_ddl in schema orders to orders_dml, orders_ro, search_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT SELECT ON TABLES TO "orders_dml", "orders_ro", "search_dml";
-- 73 default: SELECT on later sequences of orders_ddl in schema orders to orders_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT SELECT ON SEQUENCES TO "orders_ro";
-- 74 default: SELECT, UPDATE, USAGE on later sequences of orders_ddl in schema orders to orders_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT SELECT, UPDATE, USAGE ON SEQUENCES TO "orders_dml";
-- 75 default: EXECUTE on later functions of orders_ddl in schema orders to orders_dml, orders_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT EXECUTE ON FUNCTIONS TO "orders_dml", "orders_ro";
-- 76 default: EXECUTE on later functions of orders_ddl not to PUBLIC (PostgreSQL gives it to PUBLIC unless told otherwise)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- 77 revoke: TRIGGER on table orders.jobs from orders_app [revokes-access] (the layout doesn't give this to orders_app)
REVOKE TRIGGER ON TABLE "orders"."jobs" FROM "orders_app";
-- 78 revoke: USAGE on schema public from PUBLIC [revokes-access] (the layout doesn't give this to PUBLIC)
REVOKE USAGE ON SCHEMA "public" FROM PUBLIC;
COMMIT;

\connect search_prod
-- in database search_prod
\encoding UTF8
SET role = none; SET search_path = pg_catalog;
BEGIN;
-- 79 create: schema search, owned by search_ddl (the layout declares it)
CREATE SCHEMA "search" AUTHORIZATION "search_ddl";
-- 80 alter: search_app in database search_prod: search_path = "search", "public" (a name without a schema is the service's own)
ALTER ROLE "search_app" IN DATABASE "search_prod" SET "search_path" TO 'search', 'public';
-- 81 join: search_app becomes member of search_dml (the layout declares the membership)
GRANT "search_dml" TO "search_app" WITH INHERIT TRUE, SET TRUE;
-- 82 grant: USAGE on schema search to search_dml, search_ro (search_dml is the dml role of service search; search_ro is the ro role of service search)
GRANT USAGE ON SCHEMA "search" TO "search_dml", "search_ro";
-- 83 default: SELECT on later tables of search_ddl in schema search to search_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "search_ddl" IN SCHEMA "search" GRANT SELECT ON TABLES TO "search_ro";
-- 84 default: SELECT on later sequences of search_ddl in schema search to search_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "search_ddl" IN SCHEMA "search" GRANT SELECT ON SEQUENCES TO "search_ro";
-- 85 default: SELECT, UPDATE, USAGE on later sequences of search_ddl in schema search to search_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "search_ddl" IN SCHEMA "search" GRANT SELECT, UPDATE, USAGE ON SEQUENCES TO "search_dml";
-- 86 default: EXECUTE on later functions of search_ddl in schema search to search_dml, search_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "search_ddl" IN SCHEMA "search" GRANT EXECUTE ON FUNCTIONS TO "search_dml", "search_ro";
-- 87 default: EXECUTE on later functions of search_ddl not to PUBLIC (PostgreSQL gives it to PUBLIC unless told otherwise)
ALTER DEFAULT PRIVILEGES FOR ROLE "search_ddl" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
COMMIT;

\connect postgres
-- in database postgres
\encoding UTF8
SET role = none; SET search_path = pg_catalog;
BEGIN;
-- 88 alter: role billing_app: LOGIN (it may log in once all is in place)
ALTER ROLE "billing_app" LOGIN;
-- 89 alter: role billing_job: LOGIN (it may log in once all is in place)
ALTER ROLE "billing_job" LOGIN;
-- 90 alter: role orders_app: CONNECTION LIMIT 40 [changes-role] (the layout declares it so)
ALTER ROLE "orders_app" CONNECTION LIMIT 40;
-- 91 alter: role orders_bi: LOGIN (it may log in once all is in place)
ALTER ROLE "orders_bi" LOGIN;
-- 92 alter: role orders_migrate: LOGIN (it may log in once all is in place)
ALTER ROLE "orders_migrate" LOGIN;
-- 93 alter: role orders_probe: LOGIN (it may log in once all is in place)
ALTER ROLE "orders_probe" LOGIN;
-- 94 alter: role orders_worker: LOGIN (it may log in once all is in place)
ALTER ROLE "orders_worker" LOGIN;
-- 95 alter: role pgmoat_ci: LOGIN (it may log in once all is in place)
ALTER ROLE "pgmoat_ci" LOGIN;
-- 96 alter: role search_app: LOGIN (it may log in once all is in place)
ALTER ROLE "search_app" LOGIN;
-- 97 own: database orders: from postgres to pgmoat_admin [moves-owner] (the provisioner owns the databases)
ALTER DATABASE "orders" OWNER TO "pgmoat_admin";
-- 98 join: orders_bi becomes member of rds_iam (the layout declares the membership)
GRANT "rds_iam" TO "orders_bi" WITH INHERIT TRUE, SET TRUE;
-- 99 grant: CONNECT on database billing_prod to pgmoat_ci (the inspector connects, and nothing else)
GRANT CONNECT ON DATABASE "billing_prod" TO "pgmoat_ci";
-- 100 grant: CONNECT, TEMPORARY on database billing_prod to billing_ddl, billing_dml, billing_ro (billing_ddl is the ddl role of service billing; billing_dml is the dml role of service billing; billing_ro is the ro role of service billing)
GRANT CONNECT, TEMPORARY ON DATABASE "billing_prod" TO "billing_ddl", "billing_dml", "billing_ro";
-- 101 grant: CONNECT on database orders to billing_app, orders_dml, orders_ro, pgmoat_ci, search_dml (service billing uses service orders; orders_dml is the dml role of service orders; orders_ro is the ro role of service orders; the inspector connects, and nothing else; service search uses service orders)
GRANT CONNECT ON DATABASE "orders" TO "billing_app", "orders_dml", "orders_ro", "pgmoat_ci", "search_dml";
-- 102 grant: CREATE, CONNECT, TEMPORARY on database orders to orders_ddl (orders_ddl is the ddl role of service orders)
GRANT CREATE, CONNECT, TEMPORARY ON DATABASE "orders" TO "orders_ddl";
-- 103 grant: CONNECT on database search_prod to pgmoat_ci (the inspector connects, and nothing else)
GRANT CONNECT ON DATABASE "search_prod" TO "pgmoat_ci";
-- 104 grant: CONNECT, TEMPORARY on database search_prod to search_ddl, search_dml, search_ro (search_ddl is the ddl role of service search; search_dml is the dml role of service search; search_ro is the ro role of service search)
GRANT CONNECT, TEMPORARY ON DATABASE "search_prod" TO "search_ddl", "search_dml", "search_ro";
-- 105 revoke: CONNECT, TEMPORARY on database orders from PUBLIC [revokes-access] (the layout doesn't give this to PUBLIC)
REVOKE CONNECT, TEMPORARY ON DATABASE "orders" FROM PUBLIC;
COMMIT;
