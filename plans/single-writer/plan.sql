-- pgmoat: cluster, PostgreSQL N, system identifier N
-- from:   sha256:…
-- layout: sha256:cba84bda470c8560edc44efa78c6b0ae49a8d7b8edea6855dd8df253b229e9d3
-- Run it with: psql -X -d postgres -f THIS_FILE
-- Each transaction commits on its own, and none is verified: `pgmoat apply` does both.
\set ON_ERROR_STOP on
\set AUTOCOMMIT on

-- in database postgres
\encoding UTF8
SET role = none; SET search_path = pg_catalog;

-- prepare: roles without rights
BEGIN;
-- 1 create: role mail_ddl (ddl of service mail)
CREATE ROLE "mail_ddl" NOLOGIN;
-- 2 create: role mail_dml (dml of service mail)
CREATE ROLE "mail_dml" NOLOGIN;
-- 3 create: role mail_ro (ro of service mail)
CREATE ROLE "mail_ro" NOLOGIN;
-- 4 create: role mail_sender (login of service mail)
CREATE ROLE "mail_sender" NOLOGIN;
-- 5 create: role shop_bi (login of service shop)
CREATE ROLE "shop_bi" NOLOGIN;
-- 6 create: role shop_migrate (login of service shop)
CREATE ROLE "shop_migrate" NOLOGIN;
-- 7 create: role shop_ro (ro of service shop)
CREATE ROLE "shop_ro" NOLOGIN;
COMMIT;

-- converge: a transaction for each database
\connect mail
-- in database mail
\encoding UTF8
SET role = none; SET search_path = pg_catalog;
BEGIN;
-- 8 create: schema mail, owned by mail_ddl (the layout declares it)
CREATE SCHEMA "mail" AUTHORIZATION "mail_ddl";
-- 9 alter: mail_sender in database mail: search_path = "mail", "public" (a name without a schema is the service's own)
ALTER ROLE "mail_sender" IN DATABASE "mail" SET "search_path" TO 'mail', 'public';
-- 10 join: mail_sender becomes member of mail_dml (the layout declares the membership)
GRANT "mail_dml" TO "mail_sender" WITH INHERIT TRUE, SET TRUE;
-- 11 grant: USAGE on schema mail to mail_dml, mail_ro (mail_dml is the dml role of service mail; mail_ro is the ro role of service mail)
GRANT USAGE ON SCHEMA "mail" TO "mail_dml", "mail_ro";
-- 12 grant: USAGE on schema public to mail_ddl, mail_dml, mail_ro (mail_ddl is the ddl role of service mail; mail_dml is the dml role of service mail; mail_ro is the ro role of service mail)
GRANT USAGE ON SCHEMA "public" TO "mail_ddl", "mail_dml", "mail_ro";
-- 13 default: SELECT on later tables of mail_ddl in schema mail to mail_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "mail_ddl" IN SCHEMA "mail" GRANT SELECT ON TABLES TO "mail_ro";
-- 14 default: SELECT, INSERT, UPDATE, DELETE on later tables of mail_ddl in schema mail to mail_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "mail_ddl" IN SCHEMA "mail" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "mail_dml";
-- 15 default: SELECT on later sequences of mail_ddl in schema mail to mail_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "mail_ddl" IN SCHEMA "mail" GRANT SELECT ON SEQUENCES TO "mail_ro";
-- 16 default: SELECT, UPDATE, USAGE on later sequences of mail_ddl in schema mail to mail_dml (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "mail_ddl" IN SCHEMA "mail" GRANT SELECT, UPDATE, USAGE ON SEQUENCES TO "mail_dml";
-- 17 default: EXECUTE on later functions of mail_ddl in schema mail to mail_dml, mail_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "mail_ddl" IN SCHEMA "mail" GRANT EXECUTE ON FUNCTIONS TO "mail_dml", "mail_ro";
-- 18 default: EXECUTE on later functions of mail_ddl not to PUBLIC (PostgreSQL gives it to PUBLIC unless told otherwise)
ALTER DEFAULT PRIVILEGES FOR ROLE "mail_ddl" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- 19 revoke: USAGE on schema public from PUBLIC [revokes-access] (the layout doesn't give this to PUBLIC)
REVOKE USAGE ON SCHEMA "public" FROM PUBLIC;
COMMIT;

\connect shop
-- in database shop
\encoding UTF8
SET role = none; SET search_path = pg_catalog;
BEGIN;
-- 20 alter: shop_bi in database shop: search_path = "shop", "public" (a name without a schema is the service's own)
ALTER ROLE "shop_bi" IN DATABASE "shop" SET "search_path" TO 'shop', 'public';
-- 21 alter: shop_migrate in database shop: role = shop_ddl (what a ddl login creates belongs to the ddl role)
ALTER ROLE "shop_migrate" IN DATABASE "shop" SET "role" TO 'shop_ddl';
-- 22 alter: shop_migrate in database shop: search_path = "shop", "public" (a name without a schema is the service's own)
ALTER ROLE "shop_migrate" IN DATABASE "shop" SET "search_path" TO 'shop', 'public';
-- 23 alter: shop_web in database shop: search_path = "shop", "public" [changes-settings] (a name without a schema is the service's own)
ALTER ROLE "shop_web" IN DATABASE "shop" SET "search_path" TO 'shop', 'public';
-- 24 alter: shop_worker in database shop: search_path = "shop", "public" [changes-settings] (a name without a schema is the service's own)
ALTER ROLE "shop_worker" IN DATABASE "shop" SET "search_path" TO 'shop', 'public';
-- 25 join: shop_migrate becomes member of shop_ddl (the layout declares the membership)
GRANT "shop_ddl" TO "shop_migrate" WITH INHERIT TRUE, SET TRUE;
-- 26 join: shop_bi becomes member of shop_ro (the layout declares the membership)
GRANT "shop_ro" TO "shop_bi" WITH INHERIT TRUE, SET TRUE;
-- 27 grant: USAGE on schema shop to mail_sender, shop_ro (service mail uses service shop; shop_ro is the ro role of service shop)
GRANT USAGE ON SCHEMA "shop" TO "mail_sender", "shop_ro";
-- 28 grant: SELECT on 3 sequences in schema shop to shop_ro (shop_ro is the ro role of service shop)
GRANT SELECT ON SEQUENCE "shop"."jobs_id_seq", "shop"."outbox_id_seq", "shop"."products_id_seq" TO "shop_ro";
-- 29 grant: SELECT, UPDATE, USAGE on sequence shop.jobs_id_seq to shop_worker (the layout names shop_worker as the writer)
GRANT SELECT, UPDATE, USAGE ON SEQUENCE "shop"."jobs_id_seq" TO "shop_worker";
-- 30 grant: SELECT, UPDATE, USAGE on sequence shop.outbox_id_seq to mail_sender (service mail uses service shop)
GRANT SELECT, UPDATE, USAGE ON SEQUENCE "shop"."outbox_id_seq" TO "mail_sender";
-- 31 grant: SELECT on 6 tables in schema shop to shop_ro (shop_ro is the ro role of service shop)
GRANT SELECT ON TABLE "shop"."audit_login", "shop"."audit_price", "shop"."jobs", "shop"."outbox", "shop"."products", "shop"."settings" TO "shop_ro";
-- 32 grant: INSERT on 2 tables in schema shop to shop_web (the layout names shop_web as the writer)
GRANT INSERT ON TABLE "shop"."audit_login", "shop"."audit_price" TO "shop_web";
-- 33 grant: INSERT, UPDATE, DELETE on table shop.jobs to shop_worker (the layout names shop_worker as the writer)
GRANT INSERT, UPDATE, DELETE ON TABLE "shop"."jobs" TO "shop_worker";
-- 34 grant: SELECT, INSERT, UPDATE, DELETE on table shop.outbox to mail_sender (service mail uses service shop)
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "shop"."outbox" TO "mail_sender";
-- 35 default: SELECT on later tables of shop_ddl in schema shop to shop_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "shop_ddl" IN SCHEMA "shop" GRANT SELECT ON TABLES TO "shop_ro";
-- 36 default: SELECT on later sequences of shop_ddl in schema shop to shop_ro (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "shop_ddl" IN SCHEMA "shop" GRANT SELECT ON SEQUENCES TO "shop_ro";
-- 37 default: SELECT, UPDATE, USAGE on later sequences of shop_ddl in schema shop to shop_dml [widens-role] (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "shop_ddl" IN SCHEMA "shop" GRANT SELECT, UPDATE, USAGE ON SEQUENCES TO "shop_dml";
-- 38 default: EXECUTE on later functions of shop_ddl in schema shop to shop_dml, shop_ro [widens-role] (what is created tomorrow is as open as what is there today)
ALTER DEFAULT PRIVILEGES FOR ROLE "shop_ddl" IN SCHEMA "shop" GRANT EXECUTE ON FUNCTIONS TO "shop_dml", "shop_ro";
-- 39 default: EXECUTE on later functions of shop_ddl not to PUBLIC (PostgreSQL gives it to PUBLIC unless told otherwise)
ALTER DEFAULT PRIVILEGES FOR ROLE "shop_ddl" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- 40 revoke: UPDATE, USAGE on 2 sequences in schema shop from shop_dml [revokes-access] (the layout doesn't give this to shop_dml)
REVOKE UPDATE, USAGE ON SEQUENCE "shop"."jobs_id_seq", "shop"."outbox_id_seq" FROM "shop_dml";
-- 41 revoke: INSERT, UPDATE, DELETE on 5 tables in schema shop from shop_dml [revokes-access] (the layout doesn't give this to shop_dml)
REVOKE INSERT, UPDATE, DELETE ON TABLE "shop"."audit_login", "shop"."audit_price", "shop"."jobs", "shop"."outbox", "shop"."settings" FROM "shop_dml";
COMMIT;

\connect postgres
-- in database postgres
\encoding UTF8
SET role = none; SET search_path = pg_catalog;
BEGIN;
-- 42 alter: role mail_sender: LOGIN (it may log in once all is in place)
ALTER ROLE "mail_sender" LOGIN;
-- 43 alter: role shop_bi: LOGIN (it may log in once all is in place)
ALTER ROLE "shop_bi" LOGIN;
-- 44 alter: role shop_migrate: LOGIN (it may log in once all is in place)
ALTER ROLE "shop_migrate" LOGIN;
-- 45 grant: CONNECT, TEMPORARY on database mail to mail_ddl, mail_dml, mail_ro (mail_ddl is the ddl role of service mail; mail_dml is the dml role of service mail; mail_ro is the ro role of service mail)
GRANT CONNECT, TEMPORARY ON DATABASE "mail" TO "mail_ddl", "mail_dml", "mail_ro";
-- 46 grant: CONNECT on database shop to mail_sender (service mail uses service shop)
GRANT CONNECT ON DATABASE "shop" TO "mail_sender";
-- 47 grant: CONNECT, TEMPORARY on database shop to shop_ddl, shop_dml, shop_ro [widens-role] (shop_ddl is the ddl role of service shop; shop_dml is the dml role of service shop; shop_ro is the ro role of service shop)
GRANT CONNECT, TEMPORARY ON DATABASE "shop" TO "shop_ddl", "shop_dml", "shop_ro";
-- 48 revoke: CONNECT, TEMPORARY on database mail from PUBLIC [revokes-access] (the layout doesn't give this to PUBLIC)
REVOKE CONNECT, TEMPORARY ON DATABASE "mail" FROM PUBLIC;
-- 49 revoke: CONNECT, TEMPORARY on database shop from PUBLIC [revokes-access] (the layout doesn't give this to PUBLIC)
REVOKE CONNECT, TEMPORARY ON DATABASE "shop" FROM PUBLIC;
COMMIT;
