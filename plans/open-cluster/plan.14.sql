-- pgmoat: cluster open, PostgreSQL N, system identifier N
-- from:   sha256:…
-- layout: sha256:7b6b46d2b2ff11a6dc835a5b37900df48a314df902b37d6fc3c9e2211b5ff839
-- Run it with: psql -X -d postgres -f THIS_FILE
-- Each transaction commits on its own, and none is verified: `pgmoat apply` does both.
\set ON_ERROR_STOP on
\set AUTOCOMMIT on

-- in database postgres
\encoding UTF8
SET role = none; SET search_path = pg_catalog;

-- converge: a transaction for each database
\connect orders
-- in database orders
\encoding UTF8
SET role = none; SET search_path = pg_catalog;
BEGIN;
-- 1 create: role orders_ddl (ddl of service orders)
CREATE ROLE "orders_ddl" NOLOGIN;
-- 2 create: role orders_dml (dml of service orders)
CREATE ROLE "orders_dml" NOLOGIN;
-- 3 create: role orders_migrate (login of service orders)
CREATE ROLE "orders_migrate" NOLOGIN;
-- 4 alter: role orders_app: NOCREATEROLE [changes-role] (the layout declares it so)
ALTER ROLE "orders_app" NOCREATEROLE;
-- 5 alter: role orders_migrate: LOGIN (it may log in once all is in place)
ALTER ROLE "orders_migrate" LOGIN;
-- 6 alter: orders_app: statement_timeout is no longer 0 [changes-settings] (the layout doesn't declare it)
ALTER ROLE "orders_app" RESET "statement_timeout";
-- 7 alter: orders_app in database orders: search_path = "orders", "public" [changes-settings] (a name without a schema is the service's own)
ALTER ROLE "orders_app" IN DATABASE "orders" SET "search_path" TO 'orders', 'public';
-- 8 alter: orders_migrate in database orders: role = orders_ddl (what a ddl login creates belongs to the ddl role)
ALTER ROLE "orders_migrate" IN DATABASE "orders" SET "role" TO 'orders_ddl';
-- 9 alter: orders_migrate in database orders: search_path = "orders", "public" (a name without a schema is the service's own)
ALTER ROLE "orders_migrate" IN DATABASE "orders" SET "search_path" TO 'orders', 'public';
-- 10 own: database orders: from alice to postgres [moves-owner] (the provisioner owns the databases)
ALTER DATABASE "orders" OWNER TO "postgres";
-- 11 own: schema orders: from alice to orders_ddl [moves-owner] (what the schema holds belongs to orders_ddl)
ALTER SCHEMA "orders" OWNER TO "orders_ddl";
-- 12 own: 2 tables in schema orders: from alice to orders_ddl [moves-owner] (what the schema holds belongs to orders_ddl)
ALTER TABLE "orders"."jobs" OWNER TO "orders_ddl";
ALTER TABLE "orders"."orders" OWNER TO "orders_ddl";
-- 13 own: table orders.scratch: from bob to orders_ddl [moves-owner] (what the schema holds belongs to orders_ddl)
ALTER TABLE "orders"."scratch" OWNER TO "orders_ddl";
-- 14 own: view orders.open_orders: from alice to orders_ddl [moves-owner, adopts-code] (alice, which the layout doesn't know, wrote the code, and it belongs to orders_ddl from then on; the same plan grants SELECT to orders_ro; SELECT, INSERT, UPDATE, DELETE to orders_dml)
--   code of view orders.open_orders, by alice:
--   | view as
--   |  SELECT orders.id
--   |    FROM orders.orders
--   |   WHERE (orders.state = 'open'::orders.state);
ALTER VIEW "orders"."open_orders" OWNER TO "orders_ddl";
-- 15 own: function orders.total(): from alice to orders_ddl [moves-owner, adopts-code] (alice, which the layout doesn't know, wrote the code, and it belongs to orders_ddl from then on; the same plan grants EXECUTE to orders_dml, orders_ro)
--   code of function orders.total(), by alice:
--   | CREATE OR REPLACE FUNCTION orders.total()
--   |  RETURNS numeric
--   |  LANGUAGE sql
--   | AS $function$SELECT sum(total) FROM orders.orders$function$
ALTER FUNCTION "orders"."total"() OWNER TO "orders_ddl";
-- 16 own: procedure orders.purge(): from alice to orders_ddl [moves-owner, adopts-code] (alice, which the layout doesn't know, wrote the code, and it belongs to orders_ddl from then on; the same plan grants EXECUTE to orders_dml, orders_ro)
--   code of procedure orders.purge(), by alice:
--   | CREATE OR REPLACE PROCEDURE orders.purge()
--   |  LANGUAGE sql
--   | AS $procedure$DELETE FROM orders.jobs$procedure$
ALTER PROCEDURE "orders"."purge"() OWNER TO "orders_ddl";
-- 17 own: type orders.state: from alice to orders_ddl [moves-owner] (what the schema holds belongs to orders_ddl)
ALTER TYPE "orders"."state" OWNER TO "orders_ddl";
-- 18 own: domain orders.amount: from alice to orders_ddl [moves-owner] (what the schema holds belongs to orders_ddl)
ALTER DOMAIN "orders"."amount" OWNER TO "orders_ddl";
-- 19 join: orders_migrate becomes member of orders_ddl (the layout declares the membership)
GRANT "orders_ddl" TO "orders_migrate";
-- 20 join: orders_app becomes member of orders_dml [widens-role] (the layout declares the membership)
GRANT "orders_dml" TO "orders_app";
-- 21 grant: CONNECT, TEMPORARY on database orders to orders_ddl, orders_dml, orders_ro [widens-role] (orders_ddl is the ddl role of service orders; orders_dml is the dml role of service orders; orders_ro is the ro role of service orders)
GRANT CONNECT, TEMPORARY ON DATABASE "orders" TO "orders_ddl", "orders_dml", "orders_ro";
-- 22 grant: EXECUTE on function orders.total() to orders_dml, orders_ro [widens-role] (orders_dml is the dml role of service orders; orders_ro is the ro role of service orders)
GRANT EXECUTE ON FUNCTION "orders"."total"() TO "orders_dml", "orders_ro";
-- 23 grant: EXECUTE on procedure orders.purge() to orders_dml, orders_ro [widens-role] (orders_dml is the dml role of service orders; orders_ro is the ro role of service orders)
GRANT EXECUTE ON PROCEDURE "orders"."purge"() TO "orders_dml", "orders_ro";
-- 24 grant: USAGE on schema orders to orders_dml, orders_ro [widens-role] (orders_dml is the dml role of service orders; orders_ro is the ro role of service orders)
GRANT USAGE ON SCHEMA "orders" TO "orders_dml", "orders_ro";
-- 25 grant: SELECT on 2 sequences in schema orders to orders_ro [widens-role] (orders_ro is the ro role of service orders)
GRANT SELECT ON SEQUENCE "orders"."jobs_id_seq", "orders"."orders_id_seq" TO "orders_ro";
-- 26 grant: SELECT, UPDATE, USAGE on 2 sequences in schema orders to orders_dml (orders_dml is the dml role of service orders)
GRANT SELECT, UPDATE, USAGE ON SEQUENCE "orders"."jobs_id_seq", "orders"."orders_id_seq" TO "orders_dml";
-- 27 grant: SELECT on 3 tables, 1 view in schema orders to orders_ro [widens-role] (orders_ro is the ro role of service orders)
GRANT SELECT ON TABLE "orders"."jobs", "orders"."orders", "orders"."scratch", "orders"."open_orders" TO "orders_ro";
-- 28 grant: SELECT, INSERT, UPDATE, DELETE on 3 tables, 1 view in schema orders to orders_dml (orders_dml is the dml role of service orders)
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "orders"."jobs", "orders"."orders", "orders"."scratch", "orders"."open_orders" TO "orders_dml";
-- 29 grant: USAGE on schema public to orders_ddl, orders_dml, orders_ro [widens-role] (orders_ddl is the ddl role of service orders; orders_dml is the dml role of service orders; orders_ro is the ro role of service orders)
GRANT USAGE ON SCHEMA "public" TO "orders_ddl", "orders_dml", "orders_ro";
-- 30 default: SELECT on later tables of orders_ddl in schema orders to orders_ro [widens-role] (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT SELECT ON TABLES TO "orders_ro";
-- 31 default: SELECT, INSERT, UPDATE, DELETE on later tables of orders_ddl in schema orders to orders_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "orders_dml";
-- 32 default: SELECT on later sequences of orders_ddl in schema orders to orders_ro [widens-role] (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT SELECT ON SEQUENCES TO "orders_ro";
-- 33 default: SELECT, UPDATE, USAGE on later sequences of orders_ddl in schema orders to orders_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT SELECT, UPDATE, USAGE ON SEQUENCES TO "orders_dml";
-- 34 default: EXECUTE on later functions of orders_ddl in schema orders to orders_dml, orders_ro [widens-role] (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT EXECUTE ON FUNCTIONS TO "orders_dml", "orders_ro";
-- 35 default: EXECUTE on later functions of alice not to bob [revokes-access] (the layout doesn't know bob)
ALTER DEFAULT PRIVILEGES FOR ROLE "alice" REVOKE EXECUTE ON FUNCTIONS FROM "bob";
-- 36 default: SELECT on later tables of alice in schema orders not to PUBLIC [revokes-access] (the layout doesn't give this to PUBLIC)
ALTER DEFAULT PRIVILEGES FOR ROLE "alice" IN SCHEMA "orders" REVOKE SELECT ON TABLES FROM PUBLIC;
-- 37 default: EXECUTE on later functions of orders_ddl not to PUBLIC (PostgreSQL gives it to PUBLIC unless told otherwise)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- 38 leave: metabase is no longer a member of orders_ro [revokes-access] (the layout doesn't declare the membership)
REVOKE "orders_ro" FROM "metabase";
-- 39 revoke: SELECT, UPDATE on table orders.jobs from bob [revokes-access] (the layout doesn't know bob; with it goes UPDATE of metabase, granted by bob)
REVOKE SELECT, UPDATE ON TABLE "orders"."jobs" FROM "bob" CASCADE;
-- 40 revoke: SELECT, UPDATE on column email of orders.orders from metabase [revokes-access] (the layout doesn't know metabase)
REVOKE SELECT ("email"), UPDATE ("email") ON TABLE "orders"."orders" FROM "metabase";
-- 41 revoke: CONNECT, TEMPORARY on database orders from PUBLIC [revokes-access] (the layout doesn't give this to PUBLIC)
REVOKE CONNECT, TEMPORARY ON DATABASE "orders" FROM PUBLIC;
-- 42 revoke: CREATE on database orders from bob [revokes-access] (the layout doesn't know bob)
REVOKE CREATE ON DATABASE "orders" FROM "bob";
-- 43 revoke: EXECUTE on function orders.total() from PUBLIC [revokes-access] (the layout doesn't give this to PUBLIC)
REVOKE EXECUTE ON FUNCTION "orders"."total"() FROM PUBLIC;
-- 44 revoke: EXECUTE on procedure orders.purge() from PUBLIC [revokes-access] (the layout doesn't give this to PUBLIC)
REVOKE EXECUTE ON PROCEDURE "orders"."purge"() FROM PUBLIC;
-- 45 revoke: USAGE, CREATE on schema orders from PUBLIC [revokes-access] (the layout doesn't give this to PUBLIC)
REVOKE USAGE, CREATE ON SCHEMA "orders" FROM PUBLIC;
-- 46 revoke: SELECT on 2 tables, 1 view in schema orders from PUBLIC [revokes-access] (the layout doesn't give this to PUBLIC)
REVOKE SELECT ON TABLE "orders"."jobs", "orders"."orders", "orders"."open_orders" FROM PUBLIC;
-- 47 revoke: USAGE, CREATE on schema public from PUBLIC [revokes-access] (the layout doesn't give this to PUBLIC)
REVOKE USAGE, CREATE ON SCHEMA "public" FROM PUBLIC;
COMMIT;
