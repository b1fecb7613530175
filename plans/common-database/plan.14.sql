-- pgmoat: cluster common, PostgreSQL N, system identifier N
-- from:   sha256:…
-- layout: sha256:f79628fb1cff1977f098d6d6c5add4d2e06e15ee7500656e1f00b23e935df14f
-- note: common: no service declares the schema legacy; it is left as it is
-- Run it with: psql -X -d postgres -f THIS_FILE
-- Each transaction commits on its own, and none is verified: `pgmoat apply` does both.
\set ON_ERROR_STOP on
\set AUTOCOMMIT on

-- in database postgres
\encoding UTF8
SET role = none; SET search_path = pg_catalog;

-- converge: a transaction for each database
\connect common
-- in database common
\encoding UTF8
SET role = none; SET search_path = pg_catalog;
BEGIN;
-- 1 create: role billing_ddl (ddl of service billing)
CREATE ROLE "billing_ddl" NOLOGIN;
-- 2 create: role billing_dml (dml of service billing)
CREATE ROLE "billing_dml" NOLOGIN;
-- 3 create: role billing_ro (ro of service billing)
CREATE ROLE "billing_ro" NOLOGIN;
-- 4 create: role orders_ddl (ddl of service orders)
CREATE ROLE "orders_ddl" NOLOGIN;
-- 5 create: role orders_dml (dml of service orders)
CREATE ROLE "orders_dml" NOLOGIN;
-- 6 create: role orders_migrate (login of service orders)
CREATE ROLE "orders_migrate" NOLOGIN;
-- 7 create: role orders_ro (ro of service orders)
CREATE ROLE "orders_ro" NOLOGIN;
-- 8 create: role reporting_dash (login of service reporting)
CREATE ROLE "reporting_dash" NOLOGIN;
-- 9 create: role reporting_ddl (ddl of service reporting)
CREATE ROLE "reporting_ddl" NOLOGIN;
-- 10 create: role reporting_dml (dml of service reporting)
CREATE ROLE "reporting_dml" NOLOGIN;
-- 11 create: role reporting_job (login of service reporting)
CREATE ROLE "reporting_job" NOLOGIN;
-- 12 create: role reporting_ro (ro of service reporting)
CREATE ROLE "reporting_ro" NOLOGIN;
-- 13 create: schema reporting, owned by reporting_ddl (the layout declares it)
CREATE SCHEMA "reporting" AUTHORIZATION "reporting_ddl";
-- 14 alter: role orders_migrate: LOGIN (it may log in once all is in place)
ALTER ROLE "orders_migrate" LOGIN;
-- 15 alter: role reporting_dash: LOGIN (it may log in once all is in place)
ALTER ROLE "reporting_dash" LOGIN;
-- 16 alter: role reporting_job: LOGIN (it may log in once all is in place)
ALTER ROLE "reporting_job" LOGIN;
-- 17 alter: billing_app in database common: search_path = "billing", "public" [changes-settings] (a name without a schema is the service's own)
ALTER ROLE "billing_app" IN DATABASE "common" SET "search_path" TO 'billing', 'public';
-- 18 alter: orders_app in database common: search_path = "orders", "public" [changes-settings] (a name without a schema is the service's own)
ALTER ROLE "orders_app" IN DATABASE "common" SET "search_path" TO 'orders', 'public';
-- 19 alter: orders_migrate in database common: role = orders_ddl (what a ddl login creates belongs to the ddl role)
ALTER ROLE "orders_migrate" IN DATABASE "common" SET "role" TO 'orders_ddl';
-- 20 alter: orders_migrate in database common: search_path = "orders", "public" (a name without a schema is the service's own)
ALTER ROLE "orders_migrate" IN DATABASE "common" SET "search_path" TO 'orders', 'public';
-- 21 alter: reporting_dash in database common: search_path = "reporting", "public" (a name without a schema is the service's own)
ALTER ROLE "reporting_dash" IN DATABASE "common" SET "search_path" TO 'reporting', 'public';
-- 22 alter: reporting_job in database common: search_path = "reporting", "public" (a name without a schema is the service's own)
ALTER ROLE "reporting_job" IN DATABASE "common" SET "search_path" TO 'reporting', 'public';
-- 23 own: schema billing: from postgres to billing_ddl [moves-owner] (what the schema holds belongs to billing_ddl)
ALTER SCHEMA "billing" OWNER TO "billing_ddl";
-- 24 own: 2 tables in schema billing: from postgres to billing_ddl [moves-owner] (what the schema holds belongs to billing_ddl)
ALTER TABLE "billing"."invoice" OWNER TO "billing_ddl";
ALTER TABLE "billing"."invoice_line" OWNER TO "billing_ddl";
-- 25 own: schema orders: from postgres to orders_ddl [moves-owner] (what the schema holds belongs to orders_ddl)
ALTER SCHEMA "orders" OWNER TO "orders_ddl";
-- 26 own: 2 tables in schema orders: from postgres to orders_ddl [moves-owner] (what the schema holds belongs to orders_ddl)
ALTER TABLE "orders"."events_2026" OWNER TO "orders_ddl";
ALTER TABLE "orders"."orders" OWNER TO "orders_ddl";
-- 27 own: partitioned table orders.events: from postgres to orders_ddl [moves-owner] (what the schema holds belongs to orders_ddl)
ALTER TABLE "orders"."events" OWNER TO "orders_ddl";
-- 28 own: materialized view orders.totals: from postgres to orders_ddl [moves-owner] (what the schema holds belongs to orders_ddl)
ALTER MATERIALIZED VIEW "orders"."totals" OWNER TO "orders_ddl";
-- 29 join: billing_app becomes member of billing_dml [widens-role] (the layout declares the membership)
GRANT "billing_dml" TO "billing_app";
-- 30 join: orders_migrate becomes member of orders_ddl (the layout declares the membership)
GRANT "orders_ddl" TO "orders_migrate";
-- 31 join: orders_app becomes member of orders_dml [widens-role] (the layout declares the membership)
GRANT "orders_dml" TO "orders_app";
-- 32 join: reporting_job becomes member of reporting_dml (the layout declares the membership)
GRANT "reporting_dml" TO "reporting_job";
-- 33 join: reporting_dash becomes member of reporting_ro (the layout declares the membership)
GRANT "reporting_ro" TO "reporting_dash";
-- 34 grant: CONNECT on database common to reporting_job (service reporting uses another service there)
GRANT CONNECT ON DATABASE "common" TO "reporting_job";
-- 35 grant: CONNECT, TEMPORARY on database common to billing_ddl, billing_dml, billing_ro, orders_ddl, orders_dml, orders_ro, reporting_ddl, reporting_dml, reporting_ro (billing_ddl is the ddl role of service billing; billing_dml is the dml role of service billing; billing_ro is the ro role of service billing; orders_ddl is the ddl role of service orders; orders_dml is the dml role of service orders; orders_ro is the ro role of service orders; reporting_ddl is the ddl role of service reporting; reporting_dml is the dml role of service reporting; reporting_ro is the ro role of service reporting)
GRANT CONNECT, TEMPORARY ON DATABASE "common" TO "billing_ddl", "billing_dml", "billing_ro", "orders_ddl", "orders_dml", "orders_ro", "reporting_ddl", "reporting_dml", "reporting_ro";
-- 36 grant: USAGE on schema billing to billing_dml, billing_ro, reporting_job (billing_dml is the dml role of service billing; billing_ro is the ro role of service billing; service reporting uses service billing)
GRANT USAGE ON SCHEMA "billing" TO "billing_dml", "billing_ro", "reporting_job";
-- 37 grant: SELECT on sequence billing.invoice_id_seq to billing_ro (billing_ro is the ro role of service billing)
GRANT SELECT ON SEQUENCE "billing"."invoice_id_seq" TO "billing_ro";
-- 38 grant: SELECT, UPDATE, USAGE on sequence billing.invoice_id_seq to billing_dml (billing_dml is the dml role of service billing)
GRANT SELECT, UPDATE, USAGE ON SEQUENCE "billing"."invoice_id_seq" TO "billing_dml";
-- 39 grant: SELECT on 2 tables in schema billing to billing_ro, reporting_job (billing_ro is the ro role of service billing; service reporting uses service billing)
GRANT SELECT ON TABLE "billing"."invoice", "billing"."invoice_line" TO "billing_ro", "reporting_job";
-- 40 grant: SELECT, INSERT, UPDATE, DELETE on 2 tables in schema billing to billing_dml (billing_dml is the dml role of service billing)
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "billing"."invoice", "billing"."invoice_line" TO "billing_dml";
-- 41 grant: USAGE on schema orders to billing_dml, orders_dml, orders_ro, reporting_dml (service billing uses service orders; orders_dml is the dml role of service orders; orders_ro is the ro role of service orders; service reporting uses service orders)
GRANT USAGE ON SCHEMA "orders" TO "billing_dml", "orders_dml", "orders_ro", "reporting_dml";
-- 42 grant: SELECT on sequence orders.orders_id_seq to orders_ro (orders_ro is the ro role of service orders)
GRANT SELECT ON SEQUENCE "orders"."orders_id_seq" TO "orders_ro";
-- 43 grant: SELECT, UPDATE, USAGE on sequence orders.orders_id_seq to orders_dml (orders_dml is the dml role of service orders)
GRANT SELECT, UPDATE, USAGE ON SEQUENCE "orders"."orders_id_seq" TO "orders_dml";
-- 44 grant: SELECT on 1 materialized view, 1 partitioned table, 2 tables in schema orders to orders_ro, reporting_dml (orders_ro is the ro role of service orders; service reporting uses service orders)
GRANT SELECT ON TABLE "orders"."events_2026", "orders"."orders", "orders"."events", "orders"."totals" TO "orders_ro", "reporting_dml";
-- 45 grant: SELECT on table orders.orders to billing_dml (service billing uses service orders)
GRANT SELECT ON TABLE "orders"."orders" TO "billing_dml";
-- 46 grant: SELECT, INSERT, UPDATE, DELETE on 1 materialized view, 1 partitioned table, 2 tables in schema orders to orders_dml (orders_dml is the dml role of service orders)
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "orders"."events_2026", "orders"."orders", "orders"."events", "orders"."totals" TO "orders_dml";
-- 47 grant: USAGE on schema public to billing_ddl, billing_dml, billing_ro, orders_ddl, orders_dml, orders_ro, reporting_ddl, reporting_dml, reporting_ro (billing_ddl is the ddl role of service billing; billing_dml is the dml role of service billing; billing_ro is the ro role of service billing; orders_ddl is the ddl role of service orders; orders_dml is the dml role of service orders; orders_ro is the ro role of service orders; reporting_ddl is the ddl role of service reporting; reporting_dml is the dml role of service reporting; reporting_ro is the ro role of service reporting)
GRANT USAGE ON SCHEMA "public" TO "billing_ddl", "billing_dml", "billing_ro", "orders_ddl", "orders_dml", "orders_ro", "reporting_ddl", "reporting_dml", "reporting_ro";
-- 48 grant: USAGE on schema reporting to reporting_dml, reporting_ro (reporting_dml is the dml role of service reporting; reporting_ro is the ro role of service reporting)
GRANT USAGE ON SCHEMA "reporting" TO "reporting_dml", "reporting_ro";
-- 49 default: SELECT on later tables of billing_ddl in schema billing to billing_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" IN SCHEMA "billing" GRANT SELECT ON TABLES TO "billing_ro";
-- 50 default: SELECT, INSERT, UPDATE, DELETE on later tables of billing_ddl in schema billing to billing_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" IN SCHEMA "billing" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "billing_dml";
-- 51 default: SELECT on later sequences of billing_ddl in schema billing to billing_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" IN SCHEMA "billing" GRANT SELECT ON SEQUENCES TO "billing_ro";
-- 52 default: SELECT, UPDATE, USAGE on later sequences of billing_ddl in schema billing to billing_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" IN SCHEMA "billing" GRANT SELECT, UPDATE, USAGE ON SEQUENCES TO "billing_dml";
-- 53 default: EXECUTE on later functions of billing_ddl in schema billing to billing_dml, billing_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" IN SCHEMA "billing" GRANT EXECUTE ON FUNCTIONS TO "billing_dml", "billing_ro";
-- 54 default: SELECT on later tables of orders_ddl in schema orders to orders_ro, reporting_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT SELECT ON TABLES TO "orders_ro", "reporting_dml";
-- 55 default: SELECT, INSERT, UPDATE, DELETE on later tables of orders_ddl in schema orders to orders_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "orders_dml";
-- 56 default: SELECT on later sequences of orders_ddl in schema orders to orders_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT SELECT ON SEQUENCES TO "orders_ro";
-- 57 default: SELECT, UPDATE, USAGE on later sequences of orders_ddl in schema orders to orders_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT SELECT, UPDATE, USAGE ON SEQUENCES TO "orders_dml";
-- 58 default: EXECUTE on later functions of orders_ddl in schema orders to orders_dml, orders_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT EXECUTE ON FUNCTIONS TO "orders_dml", "orders_ro";
-- 59 default: SELECT on later tables of reporting_ddl in schema reporting to reporting_dml, reporting_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "reporting_ddl" IN SCHEMA "reporting" GRANT SELECT ON TABLES TO "reporting_dml", "reporting_ro";
-- 60 default: SELECT on later sequences of reporting_ddl in schema reporting to reporting_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "reporting_ddl" IN SCHEMA "reporting" GRANT SELECT ON SEQUENCES TO "reporting_ro";
-- 61 default: SELECT, UPDATE, USAGE on later sequences of reporting_ddl in schema reporting to reporting_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "reporting_ddl" IN SCHEMA "reporting" GRANT SELECT, UPDATE, USAGE ON SEQUENCES TO "reporting_dml";
-- 62 default: EXECUTE on later functions of reporting_ddl in schema reporting to reporting_dml, reporting_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "reporting_ddl" IN SCHEMA "reporting" GRANT EXECUTE ON FUNCTIONS TO "reporting_dml", "reporting_ro";
-- 63 default: EXECUTE on later functions of billing_ddl not to PUBLIC (PostgreSQL gives it to PUBLIC unless told otherwise)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- 64 default: EXECUTE on later functions of orders_ddl not to PUBLIC (PostgreSQL gives it to PUBLIC unless told otherwise)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- 65 default: EXECUTE on later functions of reporting_ddl not to PUBLIC (PostgreSQL gives it to PUBLIC unless told otherwise)
ALTER DEFAULT PRIVILEGES FOR ROLE "reporting_ddl" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- 66 leave: billing_app is no longer a member of common_rw [revokes-access] (the layout doesn't declare the membership)
REVOKE "common_rw" FROM "billing_app";
-- 67 leave: orders_app is no longer a member of common_rw [revokes-access] (the layout doesn't declare the membership)
REVOKE "common_rw" FROM "orders_app";
-- 68 revoke: CONNECT, TEMPORARY on database common from PUBLIC [revokes-access] (the layout doesn't give this to PUBLIC)
REVOKE CONNECT, TEMPORARY ON DATABASE "common" FROM PUBLIC;
-- 69 revoke: USAGE on schema billing from common_rw [revokes-access] (the layout doesn't know common_rw)
REVOKE USAGE ON SCHEMA "billing" FROM "common_rw";
-- 70 revoke: SELECT, INSERT, UPDATE, DELETE on 2 tables in schema billing from common_rw [revokes-access] (the layout doesn't know common_rw)
REVOKE SELECT, INSERT, UPDATE, DELETE ON TABLE "billing"."invoice", "billing"."invoice_line" FROM "common_rw";
-- 71 revoke: USAGE on schema orders from common_rw [revokes-access] (the layout doesn't know common_rw)
REVOKE USAGE ON SCHEMA "orders" FROM "common_rw";
-- 72 revoke: SELECT, INSERT, UPDATE, DELETE on 1 materialized view, 1 partitioned table, 2 tables in schema orders from common_rw [revokes-access] (the layout doesn't know common_rw)
REVOKE SELECT, INSERT, UPDATE, DELETE ON TABLE "orders"."events_2026", "orders"."orders", "orders"."events", "orders"."totals" FROM "common_rw";
-- 73 revoke: USAGE, CREATE on schema public from PUBLIC [revokes-access] (the layout doesn't give this to PUBLIC)
REVOKE USAGE, CREATE ON SCHEMA "public" FROM PUBLIC;
COMMIT;
