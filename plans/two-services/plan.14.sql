-- pgmoat: cluster, PostgreSQL N, system identifier N
-- from:   sha256:…
-- layout: sha256:539e34d334a64318ebbbf53618f316c2619745651423194778d02280f557421e
-- pending: orders: order_items, used by billing, does not exist yet
-- pending: orders: orders, used by billing, does not exist yet
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
-- 4 create: role billing_ro (ro of service billing)
CREATE ROLE "billing_ro" NOLOGIN;
-- 5 create: role orders_app (login of service orders)
CREATE ROLE "orders_app" NOLOGIN;
-- 6 create: role orders_ddl (ddl of service orders)
CREATE ROLE "orders_ddl" NOLOGIN;
-- 7 create: role orders_dml (dml of service orders)
CREATE ROLE "orders_dml" NOLOGIN;
-- 8 create: role orders_migrate (login of service orders)
CREATE ROLE "orders_migrate" NOLOGIN;
-- 9 create: role orders_ro (ro of service orders)
CREATE ROLE "orders_ro" NOLOGIN;
COMMIT;

-- databases: each opens only when PUBLIC can't connect any more
-- 10 create: database billing, closed (nobody may connect before PUBLIC's CONNECT is gone)
CREATE DATABASE "billing" TEMPLATE template0 ALLOW_CONNECTIONS false;

-- 11 create: database orders, closed (nobody may connect before PUBLIC's CONNECT is gone)
CREATE DATABASE "orders" TEMPLATE template0 ALLOW_CONNECTIONS false;

BEGIN;
-- 12 alter: database billing opens, without PUBLIC (only declared roles may connect)
REVOKE ALL ON DATABASE "billing" FROM PUBLIC;
ALTER DATABASE "billing" ALLOW_CONNECTIONS true;
COMMIT;

BEGIN;
-- 13 alter: database orders opens, without PUBLIC (only declared roles may connect)
REVOKE ALL ON DATABASE "orders" FROM PUBLIC;
ALTER DATABASE "orders" ALLOW_CONNECTIONS true;
COMMIT;

-- converge: a transaction for each database
\connect billing
-- in database billing
\encoding UTF8
SET role = none; SET search_path = pg_catalog;
BEGIN;
-- 14 create: schema billing, owned by billing_ddl (the layout declares it)
CREATE SCHEMA "billing" AUTHORIZATION "billing_ddl";
-- 15 alter: billing_app in database billing: search_path = "billing", "public" (a name without a schema is the service's own)
ALTER ROLE "billing_app" IN DATABASE "billing" SET "search_path" TO 'billing', 'public';
-- 16 join: billing_app becomes member of billing_dml (the layout declares the membership)
GRANT "billing_dml" TO "billing_app";
-- 17 grant: USAGE on schema billing to billing_dml, billing_ro (billing_dml is the dml role of service billing; billing_ro is the ro role of service billing)
GRANT USAGE ON SCHEMA "billing" TO "billing_dml", "billing_ro";
-- 18 grant: USAGE on schema public to billing_ddl, billing_dml, billing_ro (billing_ddl is the ddl role of service billing; billing_dml is the dml role of service billing; billing_ro is the ro role of service billing)
GRANT USAGE ON SCHEMA "public" TO "billing_ddl", "billing_dml", "billing_ro";
-- 19 default: SELECT on later tables of billing_ddl in schema billing to billing_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" IN SCHEMA "billing" GRANT SELECT ON TABLES TO "billing_ro";
-- 20 default: SELECT, INSERT, UPDATE, DELETE on later tables of billing_ddl in schema billing to billing_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" IN SCHEMA "billing" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "billing_dml";
-- 21 default: SELECT on later sequences of billing_ddl in schema billing to billing_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" IN SCHEMA "billing" GRANT SELECT ON SEQUENCES TO "billing_ro";
-- 22 default: SELECT, UPDATE, USAGE on later sequences of billing_ddl in schema billing to billing_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" IN SCHEMA "billing" GRANT SELECT, UPDATE, USAGE ON SEQUENCES TO "billing_dml";
-- 23 default: EXECUTE on later functions of billing_ddl in schema billing to billing_dml, billing_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" IN SCHEMA "billing" GRANT EXECUTE ON FUNCTIONS TO "billing_dml", "billing_ro";
-- 24 default: EXECUTE on later functions of billing_ddl not to PUBLIC (PostgreSQL gives it to PUBLIC unless told otherwise)
ALTER DEFAULT PRIVILEGES FOR ROLE "billing_ddl" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- 25 revoke: USAGE, CREATE on schema public from PUBLIC (the layout doesn't give this to PUBLIC)
REVOKE USAGE, CREATE ON SCHEMA "public" FROM PUBLIC;
COMMIT;

\connect orders
-- in database orders
\encoding UTF8
SET role = none; SET search_path = pg_catalog;
BEGIN;
-- 26 create: schema orders, owned by orders_ddl (the layout declares it)
CREATE SCHEMA "orders" AUTHORIZATION "orders_ddl";
-- 27 alter: orders_app in database orders: search_path = "orders", "public" (a name without a schema is the service's own)
ALTER ROLE "orders_app" IN DATABASE "orders" SET "search_path" TO 'orders', 'public';
-- 28 alter: orders_migrate in database orders: role = orders_ddl (what a ddl login creates belongs to the ddl role)
ALTER ROLE "orders_migrate" IN DATABASE "orders" SET "role" TO 'orders_ddl';
-- 29 alter: orders_migrate in database orders: search_path = "orders", "public" (a name without a schema is the service's own)
ALTER ROLE "orders_migrate" IN DATABASE "orders" SET "search_path" TO 'orders', 'public';
-- 30 join: orders_migrate becomes member of orders_ddl (the layout declares the membership)
GRANT "orders_ddl" TO "orders_migrate";
-- 31 join: orders_app becomes member of orders_dml (the layout declares the membership)
GRANT "orders_dml" TO "orders_app";
-- 32 grant: USAGE on schema orders to billing_dml, orders_dml, orders_ro (service billing uses service orders; orders_dml is the dml role of service orders; orders_ro is the ro role of service orders)
GRANT USAGE ON SCHEMA "orders" TO "billing_dml", "orders_dml", "orders_ro";
-- 33 grant: USAGE on schema public to orders_ddl, orders_dml, orders_ro (orders_ddl is the ddl role of service orders; orders_dml is the dml role of service orders; orders_ro is the ro role of service orders)
GRANT USAGE ON SCHEMA "public" TO "orders_ddl", "orders_dml", "orders_ro";
-- 34 default: SELECT on later tables of orders_ddl in schema orders to orders_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT SELECT ON TABLES TO "orders_ro";
-- 35 default: SELECT, INSERT, UPDATE, DELETE on later tables of orders_ddl in schema orders to orders_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "orders_dml";
-- 36 default: SELECT on later sequences of orders_ddl in schema orders to orders_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT SELECT ON SEQUENCES TO "orders_ro";
-- 37 default: SELECT, UPDATE, USAGE on later sequences of orders_ddl in schema orders to orders_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT SELECT, UPDATE, USAGE ON SEQUENCES TO "orders_dml";
-- 38 default: EXECUTE on later functions of orders_ddl in schema orders to orders_dml, orders_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" IN SCHEMA "orders" GRANT EXECUTE ON FUNCTIONS TO "orders_dml", "orders_ro";
-- 39 default: EXECUTE on later functions of orders_ddl not to PUBLIC (PostgreSQL gives it to PUBLIC unless told otherwise)
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_ddl" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- 40 revoke: USAGE, CREATE on schema public from PUBLIC (the layout doesn't give this to PUBLIC)
REVOKE USAGE, CREATE ON SCHEMA "public" FROM PUBLIC;
COMMIT;

\connect postgres
-- in database postgres
\encoding UTF8
SET role = none; SET search_path = pg_catalog;
BEGIN;
-- 41 alter: role billing_app: LOGIN (it may log in once all is in place)
ALTER ROLE "billing_app" LOGIN;
-- 42 alter: role orders_app: LOGIN (it may log in once all is in place)
ALTER ROLE "orders_app" LOGIN;
-- 43 alter: role orders_migrate: LOGIN (it may log in once all is in place)
ALTER ROLE "orders_migrate" LOGIN;
-- 44 grant: CONNECT, TEMPORARY on database billing to billing_ddl, billing_dml, billing_ro (billing_ddl is the ddl role of service billing; billing_dml is the dml role of service billing; billing_ro is the ro role of service billing)
GRANT CONNECT, TEMPORARY ON DATABASE "billing" TO "billing_ddl", "billing_dml", "billing_ro";
-- 45 grant: CONNECT on database orders to billing_dml (service billing uses service orders)
GRANT CONNECT ON DATABASE "orders" TO "billing_dml";
-- 46 grant: CONNECT, TEMPORARY on database orders to orders_ddl, orders_dml, orders_ro (orders_ddl is the ddl role of service orders; orders_dml is the dml role of service orders; orders_ro is the ro role of service orders)
GRANT CONNECT, TEMPORARY ON DATABASE "orders" TO "orders_ddl", "orders_dml", "orders_ro";
COMMIT;
