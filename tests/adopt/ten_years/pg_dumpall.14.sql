--
-- PostgreSQL database cluster dump
--

\restrict dummy

SET default_transaction_read_only = off;

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;

--
-- Roles
--

CREATE ROLE "HR Portal";
ALTER ROLE "HR Portal" WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE alice;
ALTER ROLE alice WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE auditor;
ALTER ROLE auditor WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE bob;
ALTER ROLE bob WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE deploy;
ALTER ROLE deploy WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE hr_sync;
ALTER ROLE hr_sync WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE old_boss;
ALTER ROLE old_boss WITH SUPERUSER INHERIT CREATEROLE CREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE postgres;
ALTER ROLE postgres WITH SUPERUSER INHERIT CREATEROLE CREATEDB LOGIN REPLICATION BYPASSRLS;
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

--
-- User Configurations
--

--
-- User Config "shop_web"
--

ALTER ROLE shop_web SET statement_timeout TO '5s';


--
-- Role memberships
--

GRANT readonly TO alice WITH ADMIN OPTION GRANTED BY postgres;
GRANT readonly TO bob GRANTED BY alice;
GRANT readwrite TO shop_web GRANTED BY postgres;
GRANT readwrite TO wh_loader GRANTED BY postgres;
GRANT wh_owner TO alice GRANTED BY postgres;
GRANT wh_rw TO wh_loader GRANTED BY postgres;
GRANT wh_rw TO wh_stream GRANTED BY postgres;




\unrestrict dummy

--
-- Databases
--

--
-- Database "template1" dump
--

\connect template1

--
-- PostgreSQL database dump
--

\restrict dummy

-- Dumped from database version 14.23
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: public; Type: SCHEMA; Schema: -; Owner: postgres
--

-- *not* creating schema, since initdb creates it


ALTER SCHEMA public OWNER TO postgres;

--
-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: postgres
--

REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO PUBLIC;


--
-- PostgreSQL database dump complete
--

\unrestrict dummy

--
-- Database "Common DB" dump
--

--
-- PostgreSQL database dump
--

\restrict dummy

-- Dumped from database version 14.23
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: Common DB; Type: DATABASE; Schema: -; Owner: old_boss
--

CREATE DATABASE "Common DB" WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'C';


ALTER DATABASE "Common DB" OWNER TO old_boss;

\unrestrict dummy
\encoding SQL_ASCII
\connect -reuse-previous=on "dbname='Common DB'"
\restrict dummy

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: HR; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA "HR";


ALTER SCHEMA "HR" OWNER TO postgres;

--
-- Name: archive; Type: SCHEMA; Schema: -; Owner: old_boss
--

CREATE SCHEMA archive;


ALTER SCHEMA archive OWNER TO old_boss;

--
-- Name: public; Type: SCHEMA; Schema: -; Owner: postgres
--

-- *not* creating schema, since initdb creates it


ALTER SCHEMA public OWNER TO postgres;

--
-- Name: sales; Type: SCHEMA; Schema: -; Owner: deploy
--

CREATE SCHEMA sales;


ALTER SCHEMA sales OWNER TO deploy;

--
-- Name: warehouse; Type: SCHEMA; Schema: -; Owner: wh_owner
--

CREATE SCHEMA warehouse;


ALTER SCHEMA warehouse OWNER TO wh_owner;

--
-- Name: amount; Type: DOMAIN; Schema: sales; Owner: deploy
--

CREATE DOMAIN sales.amount AS numeric
	CONSTRAINT positive CHECK ((VALUE >= (0)::numeric));


ALTER DOMAIN sales.amount OWNER TO deploy;

--
-- Name: purge(); Type: PROCEDURE; Schema: sales; Owner: postgres
--

CREATE PROCEDURE sales.purge()
    LANGUAGE sql
    AS $$ DELETE FROM sales.orders WHERE false $$;


ALTER PROCEDURE sales.purge() OWNER TO postgres;

--
-- Name: vat(numeric); Type: FUNCTION; Schema: sales; Owner: deploy
--

CREATE FUNCTION sales.vat(numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE
    AS $_$ SELECT $1 * 0.2 $_$;


ALTER FUNCTION sales.vat(numeric) OWNER TO deploy;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: Employee Files; Type: TABLE; Schema: HR; Owner: postgres
--

CREATE TABLE "HR"."Employee Files" (
    id bigint NOT NULL,
    "Name" text,
    salary numeric
);


ALTER TABLE "HR"."Employee Files" OWNER TO postgres;

--
-- Name: absence; Type: TABLE; Schema: HR; Owner: postgres
--

CREATE TABLE "HR".absence (
    id bigint NOT NULL
);


ALTER TABLE "HR".absence OWNER TO postgres;

--
-- Name: orders_2016; Type: TABLE; Schema: archive; Owner: old_boss
--

CREATE TABLE archive.orders_2016 (
    id bigint
);


ALTER TABLE archive.orders_2016 OWNER TO old_boss;

--
-- Name: scratch; Type: TABLE; Schema: public; Owner: alice
--

CREATE TABLE public.scratch (
    v text
);


ALTER TABLE public.scratch OWNER TO alice;

--
-- Name: alices_copy; Type: TABLE; Schema: sales; Owner: alice
--

CREATE TABLE sales.alices_copy (
    id bigint
);


ALTER TABLE sales.alices_copy OWNER TO alice;

--
-- Name: order_items; Type: TABLE; Schema: sales; Owner: deploy
--

CREATE TABLE sales.order_items (
    order_id bigint,
    sku text
);


ALTER TABLE sales.order_items OWNER TO deploy;

--
-- Name: orders; Type: TABLE; Schema: sales; Owner: deploy
--

CREATE TABLE sales.orders (
    id bigint NOT NULL,
    customer text,
    total sales.amount
);


ALTER TABLE sales.orders OWNER TO deploy;

--
-- Name: orders_id_seq; Type: SEQUENCE; Schema: sales; Owner: deploy
--

CREATE SEQUENCE sales.orders_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE sales.orders_id_seq OWNER TO deploy;

--
-- Name: orders_id_seq; Type: SEQUENCE OWNED BY; Schema: sales; Owner: deploy
--

ALTER SEQUENCE sales.orders_id_seq OWNED BY sales.orders.id;


--
-- Name: totals; Type: MATERIALIZED VIEW; Schema: sales; Owner: deploy
--

CREATE MATERIALIZED VIEW sales.totals AS
 SELECT sum((orders.total)::numeric) AS total
   FROM sales.orders
  WITH NO DATA;


ALTER TABLE sales.totals OWNER TO deploy;

--
-- Name: bins; Type: TABLE; Schema: warehouse; Owner: wh_owner
--

CREATE TABLE warehouse.bins (
    bin text
);


ALTER TABLE warehouse.bins OWNER TO wh_owner;

--
-- Name: feed; Type: TABLE; Schema: warehouse; Owner: wh_owner
--

CREATE TABLE warehouse.feed (
    id bigint NOT NULL,
    body text
);


ALTER TABLE warehouse.feed OWNER TO wh_owner;

--
-- Name: feed_id_seq; Type: SEQUENCE; Schema: warehouse; Owner: wh_owner
--

ALTER TABLE warehouse.feed ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME warehouse.feed_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: stock; Type: TABLE; Schema: warehouse; Owner: wh_owner
--

CREATE TABLE warehouse.stock (
    sku text,
    n integer
);


ALTER TABLE warehouse.stock OWNER TO wh_owner;

--
-- Data for Name: Employee Files; Type: TABLE DATA; Schema: HR; Owner: postgres
--

COPY "HR"."Employee Files" (id, "Name", salary) FROM stdin;
\.


--
-- Data for Name: absence; Type: TABLE DATA; Schema: HR; Owner: postgres
--

COPY "HR".absence (id) FROM stdin;
\.


--
-- Data for Name: orders_2016; Type: TABLE DATA; Schema: archive; Owner: old_boss
--

COPY archive.orders_2016 (id) FROM stdin;
\.


--
-- Data for Name: scratch; Type: TABLE DATA; Schema: public; Owner: alice
--

COPY public.scratch (v) FROM stdin;
\.


--
-- Data for Name: alices_copy; Type: TABLE DATA; Schema: sales; Owner: alice
--

COPY sales.alices_copy (id) FROM stdin;
\.


--
-- Data for Name: order_items; Type: TABLE DATA; Schema: sales; Owner: deploy
--

COPY sales.order_items (order_id, sku) FROM stdin;
\.


--
-- Data for Name: orders; Type: TABLE DATA; Schema: sales; Owner: deploy
--

COPY sales.orders (id, customer, total) FROM stdin;
\.


--
-- Data for Name: bins; Type: TABLE DATA; Schema: warehouse; Owner: wh_owner
--

COPY warehouse.bins (bin) FROM stdin;
\.


--
-- Data for Name: feed; Type: TABLE DATA; Schema: warehouse; Owner: wh_owner
--

COPY warehouse.feed (id, body) FROM stdin;
\.


--
-- Data for Name: stock; Type: TABLE DATA; Schema: warehouse; Owner: wh_owner
--

COPY warehouse.stock (sku, n) FROM stdin;
\.


--
-- Name: orders_id_seq; Type: SEQUENCE SET; Schema: sales; Owner: deploy
--

SELECT pg_catalog.setval('sales.orders_id_seq', 1, false);


--
-- Name: feed_id_seq; Type: SEQUENCE SET; Schema: warehouse; Owner: wh_owner
--

SELECT pg_catalog.setval('warehouse.feed_id_seq', 1, false);


--
-- Name: DATABASE "Common DB"; Type: ACL; Schema: -; Owner: old_boss
--

GRANT CREATE ON DATABASE "Common DB" TO alice;


--
-- Name: SCHEMA "HR"; Type: ACL; Schema: -; Owner: postgres
--

GRANT USAGE ON SCHEMA "HR" TO PUBLIC;


--
-- Name: SCHEMA archive; Type: ACL; Schema: -; Owner: old_boss
--

GRANT USAGE ON SCHEMA archive TO readonly;


--
-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: postgres
--

REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO PUBLIC;


--
-- Name: SCHEMA sales; Type: ACL; Schema: -; Owner: deploy
--

GRANT ALL ON SCHEMA sales TO PUBLIC;


--
-- Name: SCHEMA warehouse; Type: ACL; Schema: -; Owner: wh_owner
--

GRANT USAGE ON SCHEMA warehouse TO PUBLIC;


--
-- Name: TABLE "Employee Files"; Type: ACL; Schema: HR; Owner: postgres
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE "HR"."Employee Files" TO "HR Portal";


--
-- Name: COLUMN "Employee Files"."Name"; Type: ACL; Schema: HR; Owner: postgres
--

GRANT SELECT("Name") ON TABLE "HR"."Employee Files" TO readonly;


--
-- Name: TABLE absence; Type: ACL; Schema: HR; Owner: postgres
--

GRANT SELECT,INSERT ON TABLE "HR".absence TO "HR Portal";
GRANT ALL ON TABLE "HR".absence TO hr_sync;


--
-- Name: TABLE orders_2016; Type: ACL; Schema: archive; Owner: old_boss
--

GRANT SELECT ON TABLE archive.orders_2016 TO readonly;


--
-- Name: TABLE order_items; Type: ACL; Schema: sales; Owner: deploy
--

GRANT SELECT ON TABLE sales.order_items TO readonly;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE sales.order_items TO readwrite;


--
-- Name: TABLE orders; Type: ACL; Schema: sales; Owner: deploy
--

GRANT SELECT ON TABLE sales.orders TO readonly;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE sales.orders TO readwrite;
GRANT SELECT ON TABLE sales.orders TO bob WITH GRANT OPTION;
SET SESSION AUTHORIZATION bob;
GRANT SELECT ON TABLE sales.orders TO auditor;
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION bob;
GRANT SELECT ON TABLE sales.orders TO hr_sync;
RESET SESSION AUTHORIZATION;


--
-- Name: SEQUENCE orders_id_seq; Type: ACL; Schema: sales; Owner: deploy
--

GRANT ALL ON SEQUENCE sales.orders_id_seq TO readwrite;


--
-- Name: TABLE totals; Type: ACL; Schema: sales; Owner: deploy
--

GRANT ALL ON TABLE sales.totals TO PUBLIC;


--
-- Name: TABLE bins; Type: ACL; Schema: warehouse; Owner: wh_owner
--

GRANT SELECT ON TABLE warehouse.bins TO readonly;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE warehouse.bins TO readwrite;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE warehouse.bins TO wh_rw;


--
-- Name: TABLE feed; Type: ACL; Schema: warehouse; Owner: wh_owner
--

GRANT SELECT ON TABLE warehouse.feed TO wh_rw;
GRANT INSERT,UPDATE ON TABLE warehouse.feed TO wh_stream;


--
-- Name: TABLE stock; Type: ACL; Schema: warehouse; Owner: wh_owner
--

GRANT SELECT ON TABLE warehouse.stock TO readonly;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE warehouse.stock TO readwrite;
GRANT ALL ON TABLE warehouse.stock TO wh_rw;
GRANT SELECT ON TABLE warehouse.stock TO shop_web;


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: sales; Owner: deploy
--

ALTER DEFAULT PRIVILEGES FOR ROLE deploy IN SCHEMA sales GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES  TO readwrite;


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: warehouse; Owner: wh_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE wh_owner IN SCHEMA warehouse GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES  TO wh_rw;


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: -; Owner: deploy
--

ALTER DEFAULT PRIVILEGES FOR ROLE deploy GRANT SELECT ON TABLES  TO readonly;


--
-- PostgreSQL database dump complete
--

\unrestrict dummy

--
-- Database "postgres" dump
--

\connect postgres

--
-- PostgreSQL database dump
--

\restrict dummy

-- Dumped from database version 14.23
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: public; Type: SCHEMA; Schema: -; Owner: postgres
--

-- *not* creating schema, since initdb creates it


ALTER SCHEMA public OWNER TO postgres;

--
-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: postgres
--

REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO PUBLIC;


--
-- PostgreSQL database dump complete
--

\unrestrict dummy

--
-- PostgreSQL database cluster dump complete
--

