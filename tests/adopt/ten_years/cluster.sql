--
-- One database for all, with ten years of "just give it access": groups that read and write everywhere, grants to PUBLIC, to
-- people and by people, a login for migrations, tables of a superuser's and of somebody who has left. As pg_dumpall
-- --roles-only and pg_dump --create --schema-only write it.
--

CREATE ROLE alice;
ALTER ROLE alice WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE auditor;
ALTER ROLE auditor WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE bob;
ALTER ROLE bob WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE deploy;
ALTER ROLE deploy WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE "HR Portal";
ALTER ROLE "HR Portal" WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE hr_sync;
ALTER ROLE hr_sync WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE old_boss;
ALTER ROLE old_boss WITH SUPERUSER INHERIT CREATEROLE CREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE readonly;
ALTER ROLE readonly WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE readwrite;
ALTER ROLE readwrite WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE shop_web;
ALTER ROLE shop_web WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE wh_loader;
ALTER ROLE wh_loader WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE wh_owner;
ALTER ROLE wh_owner WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE wh_rw;
ALTER ROLE wh_rw WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE wh_stream;
ALTER ROLE wh_stream WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;

ALTER ROLE shop_web SET statement_timeout TO '5s';

GRANT readonly TO alice WITH ADMIN OPTION GRANTED BY postgres;
GRANT readonly TO bob GRANTED BY postgres;
GRANT readwrite TO shop_web GRANTED BY postgres;
GRANT readwrite TO wh_loader GRANTED BY postgres;
GRANT wh_owner TO alice GRANTED BY postgres;
GRANT wh_rw TO wh_loader GRANTED BY postgres;
GRANT wh_rw TO wh_stream GRANTED BY postgres;

CREATE DATABASE "Common DB" WITH TEMPLATE = template0 ENCODING = 'UTF8';
ALTER DATABASE "Common DB" OWNER TO old_boss;

\connect Common DB

CREATE SCHEMA "HR";
ALTER SCHEMA "HR" OWNER TO postgres;
CREATE SCHEMA archive;
ALTER SCHEMA archive OWNER TO old_boss;
CREATE SCHEMA sales;
ALTER SCHEMA sales OWNER TO deploy;
CREATE SCHEMA warehouse;
ALTER SCHEMA warehouse OWNER TO wh_owner;

CREATE DOMAIN sales.amount AS numeric CONSTRAINT positive CHECK ((VALUE >= (0)::numeric));
ALTER DOMAIN sales.amount OWNER TO deploy;
CREATE FUNCTION sales.vat(numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS $_$ SELECT $1 * 0.2 $_$;
ALTER FUNCTION sales.vat(numeric) OWNER TO deploy;
SET check_function_bodies = false;
CREATE PROCEDURE sales.purge() LANGUAGE sql AS $$ DELETE FROM sales.orders WHERE false $$;

CREATE TABLE "HR"."Employee Files" (
    id bigint NOT NULL,
    "Name" text,
    salary numeric
);
ALTER TABLE "HR"."Employee Files" OWNER TO postgres;
CREATE TABLE "HR".absence (
    id bigint NOT NULL
);
ALTER TABLE "HR".absence OWNER TO postgres;
CREATE TABLE archive.orders_2016 (
    id bigint
);
ALTER TABLE archive.orders_2016 OWNER TO old_boss;
CREATE TABLE public.scratch (
    v text
);
ALTER TABLE public.scratch OWNER TO alice;
CREATE TABLE sales.orders (
    id bigint NOT NULL,
    customer text,
    total sales.amount
);
ALTER TABLE sales.orders OWNER TO deploy;
CREATE SEQUENCE sales.orders_id_seq;
ALTER TABLE sales.orders_id_seq OWNER TO deploy;
ALTER SEQUENCE sales.orders_id_seq OWNED BY sales.orders.id;
CREATE TABLE sales.order_items (
    order_id bigint,
    sku text
);
ALTER TABLE sales.order_items OWNER TO deploy;
CREATE TABLE sales.alices_copy (
    id bigint
);
ALTER TABLE sales.alices_copy OWNER TO alice;
CREATE MATERIALIZED VIEW sales.totals AS
 SELECT sum(orders.total) AS total FROM sales.orders
  WITH NO DATA;
ALTER TABLE sales.totals OWNER TO deploy;
CREATE TABLE warehouse.stock (
    sku text,
    n integer
);
ALTER TABLE warehouse.stock OWNER TO wh_owner;
CREATE TABLE warehouse.bins (
    bin text
);
ALTER TABLE warehouse.bins OWNER TO wh_owner;
CREATE TABLE warehouse.feed (
    id bigint NOT NULL,
    body text
);
ALTER TABLE warehouse.feed OWNER TO wh_owner;
ALTER TABLE warehouse.feed ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME warehouse.feed_id_seq
);

GRANT CREATE ON DATABASE "Common DB" TO alice;
GRANT USAGE ON SCHEMA "HR" TO PUBLIC;
GRANT USAGE ON SCHEMA archive TO readonly;
GRANT ALL ON SCHEMA public TO PUBLIC;
GRANT ALL ON SCHEMA sales TO PUBLIC;
GRANT USAGE ON SCHEMA warehouse TO PUBLIC;

GRANT SELECT("Name") ON TABLE "HR"."Employee Files" TO readonly;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE "HR"."Employee Files" TO "HR Portal";
GRANT SELECT,INSERT ON TABLE "HR".absence TO "HR Portal";
GRANT ALL ON TABLE "HR".absence TO hr_sync;
GRANT SELECT ON TABLE archive.orders_2016 TO readonly;
GRANT SELECT ON TABLE sales.orders TO readonly;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE sales.orders TO readwrite;
GRANT SELECT ON TABLE sales.orders TO bob WITH GRANT OPTION;
SET SESSION AUTHORIZATION bob;
GRANT SELECT ON TABLE sales.orders TO auditor;
GRANT SELECT ON TABLE sales.orders TO hr_sync;
RESET SESSION AUTHORIZATION;
GRANT ALL ON SEQUENCE sales.orders_id_seq TO readwrite;
GRANT SELECT ON TABLE sales.order_items TO readonly;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE sales.order_items TO readwrite;
GRANT ALL ON TABLE sales.totals TO PUBLIC;
GRANT SELECT ON TABLE warehouse.stock TO readonly;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE warehouse.stock TO readwrite;
GRANT ALL ON TABLE warehouse.stock TO wh_rw;
GRANT SELECT ON TABLE warehouse.bins TO readonly;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE warehouse.bins TO readwrite;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE warehouse.bins TO wh_rw;
GRANT SELECT ON TABLE warehouse.feed TO wh_rw;
GRANT INSERT,UPDATE ON TABLE warehouse.feed TO wh_stream;
GRANT SELECT ON TABLE warehouse.stock TO shop_web;

ALTER DEFAULT PRIVILEGES FOR ROLE deploy GRANT SELECT ON TABLES TO readonly;
ALTER DEFAULT PRIVILEGES FOR ROLE deploy IN SCHEMA sales GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES TO readwrite;
ALTER DEFAULT PRIVILEGES FOR ROLE wh_owner IN SCHEMA warehouse GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES TO wh_rw;
