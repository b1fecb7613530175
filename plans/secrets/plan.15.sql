-- pgmoat: cluster shop-prod, PostgreSQL N, system identifier N
-- from:   sha256:…
-- layout: sha256:469592914f3050c603f23e6c0c2a6ce3175e0ae5a191eccfb4bf5209ac621881
-- note: `pgmoat apply` makes passwords, with entries in the store (aws-secretsmanager): billing.app (prod/finance/billing), billing.migrate (prod/billing/migrate), orders.app (prod/orders/app), orders.migrate (prod/orders/migrate)
-- note: orders.worker gets a new password if it has no entry in the store yet (adopt = true)
-- note: allowed: orders_app_clone: member of orders_app (AWS's rotation made it; containers that are older than the slots log in as it)
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
-- 4 create: role billing_migrate (login of service billing)
CREATE ROLE "billing_migrate" NOLOGIN;
-- 5 create: role billing_ro (ro of service billing)
CREATE ROLE "billing_ro" NOLOGIN;
-- 6 create: role orders_app_a (login of service orders)
CREATE ROLE "orders_app_a" NOLOGIN CONNECTION LIMIT 40;
-- 7 create: role orders_app_b (login of service orders)
CREATE ROLE "orders_app_b" NOLOGIN CONNECTION LIMIT 40;
-- 8 create: role orders_bi (login of service orders)
CREATE ROLE "orders_bi" NOLOGIN;
-- 9 create: role orders_ddl (ddl of service orders)
CREATE ROLE "orders_ddl" NOLOGIN;
-- 10 create: role orders_dml (dml of service orders)
CREATE ROLE "orders_dml" NOLOGIN;
-- 11 create: role orders_migrate (login of service orders)
CREATE ROLE "orders_migrate" NOLOGIN;
-- 12 create: role orders_migrate_a (login of service orders)
CREATE ROLE "orders_migrate_a" NOLOGIN;
-- 13 create: role orders_migrate_b (login of service orders)
CREATE ROLE "orders_migrate_b" NOLOGIN;
-- 14 create: role orders_probe (login of service orders)
CREATE ROLE "orders_probe" NOLOGIN;
-- 15 create: role orders_ro (ro of service orders)
CREATE ROLE "orders_ro" NOLOGIN;
-- 16 create: role pgmoat_ci (inspector)
CREATE ROLE "pgmoat_ci" NOLOGIN;
COMMIT;

-- converge: a transaction for each database
\connect billing
-- in database billing
\encoding UTF8
SET role = none; SET search_path = pg_catalog;
BEGIN;
-- 17 alter: billing_app in database billing: search_path = "billing", "public" (a name without a schema is the service's own)
ALTER ROLE "billing_app" IN DATABASE "billing" SET "search_path" TO 'billing', 'public';
-- 18 alter: billing_cron in database billing: search_path = "billing", "public" [changes-settings] (a name without a schema is the service's own)
ALTER ROLE "billing_cron" IN DATABASE "billing" SET "search_path" TO 'billing', 'public';
-- 19 alter: billing_migrate in database billing: role = billing_ddl (what a ddl login creates belongs to the ddl role)
ALTER ROLE "billing_migrate" IN DATABASE "billing" SET "role" TO 'billing_ddl';
-- 20 alter: billing_migrate in database billing: search_path = "billing", "public" (a name without a schema is the service's own)
ALTER ROLE "billing_migrate" IN DATABASE "billing" SET "search_path" TO 'billing', 'public';
-- 21 own: schema billing: from billing_cron to billing_ddl [moves-owner] (what the schema holds belongs to billing_ddl)
ALTER SCHEMA "billing" OWNER TO "billing_ddl";
-- 22 own: table billing.invoices: from billing_cron to billing_ddl [moves-owner] (what the schema holds belongs to billing_ddl)
ALTER TABLE "billing"."invoices" OWNER TO "billing_ddl";
-- 23 join: billing_migrate becomes member of billing_ddl (the layout declares the membership)
GRANT "billing_ddl" TO "billing_migrate";
-- 24 join: billing_app, billing_cron become member of billing_dml [widens-role] (the layout declares the membership)
GRANT "billing_dml" TO "billing_app";
GRANT "billing_dml" TO "billing_cron";
-- 25 grant: USAGE on schema billing to billing_dml, billing_ro (billing_dml is the dml role of service billing; billing_ro is the ro role of service billing)
GRANT USAGE ON SCHEMA "billing" TO "billing_dml", "billing_ro";
-- 26 grant: SELECT on sequence billing.invoices_id_seq to billing_ro (billing_ro is the ro role of service billing)
GRANT SELECT ON SEQUENCE "billing"."invoices_id_seq" TO "billing_ro";
-- 27 grant: SELECT, UPDATE, USAGE on sequence billing.invoices_id_seq to billing_dml (billing_dml is the dml role of service billing)
GRANT SELECT, UPDATE, USAGE ON SEQUENCE "billing"."invoices_id_seq" TO "billing_dml";
-- 28 grant: SELECT on table billing.invoices to billing_ro (billing_ro is the ro role of service billing)
GRANT SELECT ON TABLE "billing"."invoices" TO "billing_ro";
-- 29 grant: SELECT, INSERT, UPDATE, DELETE on table billing.invoices to billing_dml (billing_dml is the dml role of service billing)
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "billing"."invoices" TO "billing_dml";
-- 30 grant: USAGE on schema public to billing_ddl, billing_dml, billing_ro (billing_ddl is the ddl role of service billing; billing_dml is the dml role of service billing; billing_ro is the ro role of service billing)
GRANT USAGE ON SCHEMA "public" TO "billing_ddl", "billing_dml", "billing_ro";
-- 31 default: SELECT on later tables of billing_ddl in schema billing to billing_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" IN SCHEMA "billing" GRANT SELECT ON TABLES TO "billing_ro";
-- 32 default: SELECT, INSERT, UPDATE, DELETE on later tables of billing_ddl in schema billing to billing_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" IN SCHEMA "billing" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "billing_dml";
-- 33 default: SELECT on later sequences of billing_ddl in schema billing to billing_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" IN SCHEMA "billing" GRANT SELECT ON SEQUENCES TO "billing_ro";
-- 34 default: SELECT, UPDATE, USAGE on later sequences of billing_ddl in schema billing to billing_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" IN SCHEMA "billing" GRANT SELECT, UPDATE, USAGE ON SEQUENCES TO "billing_dml";
-- 35 default: EXECUTE on later functions of billing_ddl in schema billing to billing_dml, billing_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" IN SCHEMA "billing" GRANT EXECUTE ON FUNCTIONS TO "billing_dml", "billing_ro";
-- 36 default: EXECUTE on later functions of billing_ddl not to PUBLIC (PostgreSQL gives it to PUBLIC unless told otherwise)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- 37 revoke: USAGE on schema public from PUBLIC [revokes-access] (the layout doesn't give this to PUBLIC)
REVOKE USAGE ON SCHEMA "public" FROM PUBLIC;
COMMIT;

\connect orders
-- in database orders
\encoding UTF8
SET role = none; SET search_path = pg_catalog;
BEGIN;
-- 38 alter: orders_app: statement_timeout = 30s (the layout declares it)
ALTER ROLE "orders_app" SET "statement_timeout" TO '30s';
-- 39 alter: orders_app_a: role = orders_app (whichever slot connects, its session is the login's)
ALTER ROLE "orders_app_a" SET "role" TO 'orders_app';
-- 40 alter: orders_app_a: statement_timeout = 30s (the layout declares it)
ALTER ROLE "orders_app_a" SET "statement_timeout" TO '30s';
-- 41 alter: orders_app_b: role = orders_app (whichever slot connects, its session is the login's)
ALTER ROLE "orders_app_b" SET "role" TO 'orders_app';
-- 42 alter: orders_app_b: statement_timeout = 30s (the layout declares it)
ALTER ROLE "orders_app_b" SET "statement_timeout" TO '30s';
-- 43 alter: orders_migrate_a: role = orders_migrate (whichever slot connects, its session is the login's)
ALTER ROLE "orders_migrate_a" SET "role" TO 'orders_migrate';
-- 44 alter: orders_migrate_b: role = orders_migrate (whichever slot connects, its session is the login's)
ALTER ROLE "orders_migrate_b" SET "role" TO 'orders_migrate';
-- 45 alter: orders_app in database orders: search_path = "orders", "public" [changes-settings] (a name without a schema is the service's own)
ALTER ROLE "orders_app" IN DATABASE "orders" SET "search_path" TO 'orders', 'public';
-- 46 alter: orders_app_a in database orders: search_path = "orders", "public" (a name without a schema is the service's own)
ALTER ROLE "orders_app_a" IN DATABASE "orders" SET "search_path" TO 'orders', 'public';
-- 47 alter: orders_app_b in database orders: search_path = "orders", "public" (a name without a schema is the service's own)
ALTER ROLE "orders_app_b" IN DATABASE "orders" SET "search_path" TO 'orders', 'public';
-- 48 alter: orders_bi in database orders: search_path = "orders", "public" (a name without a schema is the service's own)
ALTER ROLE "orders_bi" IN DATABASE "orders" SET "search_path" TO 'orders', 'public';
-- 49 alter: orders_migrate_a in database orders: role = orders_ddl (what a ddl login creates belongs to the ddl role)
ALTER ROLE "orders_migrate_a" IN DATABASE "orders" SET "role" TO 'orders_ddl';
-- 50 alter: orders_migrate_a in database orders: search_path = "orders", "public" (a name without a schema is the service's own)
ALTER ROLE "orders_migrate_a" IN DATABASE "orders" SET "search_path" TO 'orders', 'public';
-- 51 alter: orders_migrate_b in database orders: role = orders_ddl (what a ddl login creates belongs to the ddl role)
ALTER ROLE "orders_migrate_b" IN DATABASE "orders" SET "role" TO 'orders_ddl';
-- 52 alter: orders_migrate_b in database orders: search_path = "orders", "public" (a name without a schema is the service's own)
ALTER ROLE "orders_migrate_b" IN DATABASE "orders" SET "search_path" TO 'orders', 'public';
-- 53 alter: orders_probe in database orders: search_path = "orders", "public" (a name without a schema is the service's own)
ALTER ROLE "orders_probe" IN DATABASE "orders" SET "search_path" TO 'orders', 'public';
-- 54 alter: orders_worker in database orders: search_path = "orders", "public" [changes-settings] (a name without a schema is the service's own)
ALTER ROLE "orders_worker" IN DATABASE "orders" SET "search_path" TO 'orders', 'public';
-- 55 own: schema orders: from orders_app to orders_ddl [moves-owner] (what the schema holds belongs to orders_ddl)
ALTER SCHEMA "orders" OWNER TO "orders_ddl";
-- 56 own: 2 tables in schema orders: from orders_app to orders_ddl [moves-owner] (what the schema holds belongs to orders_ddl)
ALTER TABLE "orders"."jobs" OWNER TO "orders_ddl";
ALTER TABLE "orders"."orders" OWNER TO "orders_ddl";
-- 57 own: table orders.refunds: from orders_app_clone to orders_ddl [moves-owner] (what the schema holds belongs to orders_ddl)
ALTER TABLE "orders"."refunds" OWNER TO "orders_ddl";
-- 58 own: table orders.report_2019: from orders_report to orders_ddl [moves-owner] (what the schema holds belongs to orders_ddl)
ALTER TABLE "orders"."report_2019" OWNER TO "orders_ddl";
-- 59 join: orders_app_a, orders_app_b become member of orders_app (the layout declares the membership)
GRANT "orders_app" TO "orders_app_a";
GRANT "orders_app" TO "orders_app_b";
-- 60 join: orders_migrate becomes member of orders_ddl (the layout declares the membership)
GRANT "orders_ddl" TO "orders_migrate";
-- 61 join: orders_app, orders_worker become member of orders_dml [widens-role] (the layout declares the membership)
GRANT "orders_dml" TO "orders_app";
GRANT "orders_dml" TO "orders_worker";
-- 62 join: orders_migrate_a, orders_migrate_b become member of orders_migrate (the layout declares the membership)
GRANT "orders_migrate" TO "orders_migrate_a";
GRANT "orders_migrate" TO "orders_migrate_b";
-- 63 join: orders_bi, orders_probe become member of orders_ro (the layout declares the membership)
GRANT "orders_ro" TO "orders_bi";
GRANT "orders_ro" TO "orders_probe";
-- 64 grant: USAGE on schema orders to billing_dml, orders_dml, orders_ro (service billing uses service orders; orders_dml is the dml role of service orders; orders_ro is the ro role of service orders)
GRANT USAGE ON SCHEMA "orders" TO "billing_dml", "orders_dml", "orders_ro";
-- 65 grant: SELECT on 2 sequences in schema orders to orders_ro (orders_ro is the ro role of service orders)
GRANT SELECT ON SEQUENCE "orders"."jobs_id_seq", "orders"."orders_id_seq" TO "orders_ro";
-- 66 grant: SELECT, UPDATE, USAGE on 2 sequences in schema orders to orders_dml (orders_dml is the dml role of service orders)
GRANT SELECT, UPDATE, USAGE ON SEQUENCE "orders"."jobs_id_seq", "orders"."orders_id_seq" TO "orders_dml";
-- 67 grant: SELECT on 4 tables in schema orders to orders_ro (orders_ro is the ro role of service orders)
GRANT SELECT ON TABLE "orders"."jobs", "orders"."orders", "orders"."refunds", "orders"."report_2019" TO "orders_ro";
-- 68 grant: SELECT on table orders.orders to billing_dml (service billing uses service orders)
GRANT SELECT ON TABLE "orders"."orders" TO "billing_dml";
-- 69 grant: SELECT, INSERT, UPDATE, DELETE on 4 tables in schema orders to orders_dml (orders_dml is the dml role of service orders)
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "orders"."jobs", "orders"."orders", "orders"."refunds", "orders"."report_2019" TO "orders_dml";
-- 70 grant: USAGE on schema public to orders_ddl, orders_dml, orders_ro (orders_ddl is the ddl role of service orders; orders_dml is the dml role of service orders; orders_ro is the ro role of service orders)
GRANT USAGE ON SCHEMA "public" TO "orders_ddl", "orders_dml", "orders_ro";
-- 71 default: SELECT on later tables of orders_ddl in schema orders to orders_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT SELECT ON TABLES TO "orders_ro";
-- 72 default: SELECT, INSERT, UPDATE, DELETE on later tables of orders_ddl in schema orders to orders_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "orders_dml";
-- 73 default: SELECT on later sequences of orders_ddl in schema orders to orders_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT SELECT ON SEQUENCES TO "orders_ro";
-- 74 default: SELECT, UPDATE, USAGE on later sequences of orders_ddl in schema orders to orders_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT SELECT, UPDATE, USAGE ON SEQUENCES TO "orders_dml";
-- 75 default: EXECUTE on later functions of orders_ddl in schema orders to orders_dml, orders_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT EXECUTE ON FUNCTIONS TO "orders_dml", "orders_ro";
-- 76 default: EXECUTE on later functions of orders_ddl not to PUBLIC (PostgreSQL gives it to PUBLIC unless told otherwise)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- 77 revoke: USAGE on schema orders from billing_cron [revokes-access] (the layout doesn't give this to billing_cron)
REVOKE USAGE ON SCHEMA "orders" FROM "billing_cron";
-- 78 revoke: USAGE, CREATE on schema orders from orders_report [revokes-access] (orders_report is retired)
REVOKE USAGE, CREATE ON SCHEMA "orders" FROM "orders_report";
-- 79 revoke: USAGE on schema orders from orders_worker [revokes-access] (the layout doesn't give this to orders_worker)
REVOKE USAGE ON SCHEMA "orders" FROM "orders_worker";
-- 80 revoke: SELECT on table orders.orders from billing_cron [revokes-access] (the layout doesn't give this to billing_cron)
REVOKE SELECT ON TABLE "orders"."orders" FROM "billing_cron";
-- 81 revoke: SELECT on table orders.orders from orders_report [revokes-access] (orders_report is retired)
REVOKE SELECT ON TABLE "orders"."orders" FROM "orders_report";
-- 82 revoke: SELECT, INSERT, UPDATE, DELETE on table orders.jobs from orders_worker [revokes-access] (the layout doesn't give this to orders_worker)
REVOKE SELECT, INSERT, UPDATE, DELETE ON TABLE "orders"."jobs" FROM "orders_worker";
-- 83 revoke: USAGE on schema public from PUBLIC [revokes-access] (the layout doesn't give this to PUBLIC)
REVOKE USAGE ON SCHEMA "public" FROM PUBLIC;
COMMIT;

\connect postgres
-- in database postgres
\encoding UTF8
SET role = none; SET search_path = pg_catalog;
BEGIN;
-- 84 alter: role billing_app: LOGIN (it may log in once all is in place)
ALTER ROLE "billing_app" LOGIN;
-- 85 alter: role billing_migrate: LOGIN (it may log in once all is in place)
ALTER ROLE "billing_migrate" LOGIN;
-- 86 alter: role orders_app: CONNECTION LIMIT 40 [changes-role] (the layout declares it so)
ALTER ROLE "orders_app" CONNECTION LIMIT 40;
-- 87 alter: role orders_app_a: LOGIN (it may log in once all is in place)
ALTER ROLE "orders_app_a" LOGIN;
-- 88 alter: role orders_app_b: LOGIN (it may log in once all is in place)
ALTER ROLE "orders_app_b" LOGIN;
-- 89 alter: role orders_bi: LOGIN (it may log in once all is in place)
ALTER ROLE "orders_bi" LOGIN;
-- 90 alter: role orders_migrate_a: LOGIN (it may log in once all is in place)
ALTER ROLE "orders_migrate_a" LOGIN;
-- 91 alter: role orders_migrate_b: LOGIN (it may log in once all is in place)
ALTER ROLE "orders_migrate_b" LOGIN;
-- 92 alter: role orders_probe: LOGIN (it may log in once all is in place)
ALTER ROLE "orders_probe" LOGIN;
-- 93 alter: role pgmoat_ci: LOGIN (it may log in once all is in place)
ALTER ROLE "pgmoat_ci" LOGIN;
-- 94 alter: role orders_report: NOLOGIN [revokes-access] (it is retired, and nobody may come as it any more)
ALTER ROLE "orders_report" NOLOGIN;
-- 95 own: database billing: from postgres to pgmoat_admin [moves-owner] (the provisioner owns the databases)
ALTER DATABASE "billing" OWNER TO "pgmoat_admin";
-- 96 own: database orders: from postgres to pgmoat_admin [moves-owner] (the provisioner owns the databases)
ALTER DATABASE "orders" OWNER TO "pgmoat_admin";
-- 97 join: orders_bi becomes member of rds_iam (the layout declares the membership)
GRANT "rds_iam" TO "orders_bi";
-- 98 grant: CONNECT on database billing to pgmoat_ci (the inspector connects, and nothing else)
GRANT CONNECT ON DATABASE "billing" TO "pgmoat_ci";
-- 99 grant: CONNECT, TEMPORARY on database billing to billing_ddl, billing_dml, billing_ro (billing_ddl is the ddl role of service billing; billing_dml is the dml role of service billing; billing_ro is the ro role of service billing)
GRANT CONNECT, TEMPORARY ON DATABASE "billing" TO "billing_ddl", "billing_dml", "billing_ro";
-- 100 grant: CONNECT on database orders to billing_dml, pgmoat_ci (service billing uses service orders; the inspector connects, and nothing else)
GRANT CONNECT ON DATABASE "orders" TO "billing_dml", "pgmoat_ci";
-- 101 grant: CONNECT, TEMPORARY on database orders to orders_ddl, orders_dml, orders_ro (orders_ddl is the ddl role of service orders; orders_dml is the dml role of service orders; orders_ro is the ro role of service orders)
GRANT CONNECT, TEMPORARY ON DATABASE "orders" TO "orders_ddl", "orders_dml", "orders_ro";
-- 102 revoke: CONNECT, TEMPORARY on database billing from PUBLIC [revokes-access] (the layout doesn't give this to PUBLIC)
REVOKE CONNECT, TEMPORARY ON DATABASE "billing" FROM PUBLIC;
-- 103 revoke: CONNECT, TEMPORARY on database orders from PUBLIC [revokes-access] (the layout doesn't give this to PUBLIC)
REVOKE CONNECT, TEMPORARY ON DATABASE "orders" FROM PUBLIC;
COMMIT;

-- retire: what nothing hangs on any more
BEGIN;
-- 104 drop: role orders_report (nothing hangs on it any more)
DROP ROLE "orders_report";
COMMIT;
