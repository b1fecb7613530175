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

CREATE ROLE billing_owner;
ALTER ROLE billing_owner WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE billing_owner_user;
ALTER ROLE billing_owner_user WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE billing_reader;
ALTER ROLE billing_reader WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE billing_writer;
ALTER ROLE billing_writer WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE billing_writer_user;
ALTER ROLE billing_writer_user WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE orders_owner;
ALTER ROLE orders_owner WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE orders_owner_user;
ALTER ROLE orders_owner_user WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE orders_reader;
ALTER ROLE orders_reader WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE orders_reader_user;
ALTER ROLE orders_reader_user WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 5;
CREATE ROLE orders_writer;
ALTER ROLE orders_writer WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE orders_writer_user;
ALTER ROLE orders_writer_user WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS PASSWORD 'SCRAM-SHA-256$4096:ZHVtbXlkdW1teWR1bW15ZA==$mlK+bW16kiVCajeUapki/6obLfd/G5m96sVz561uewg=:9k9RAim4d38hwVToJt9f7DYIwVTv8pC1Bnfl3cT2sCo=' VALID UNTIL '2030-01-01 00:00:00+00';
CREATE ROLE postgres;
ALTER ROLE postgres WITH SUPERUSER INHERIT CREATEROLE CREATEDB LOGIN REPLICATION BYPASSRLS;
CREATE ROLE robot_monitoring;
ALTER ROLE robot_monitoring WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE standby;
ALTER ROLE standby WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN REPLICATION NOBYPASSRLS;
CREATE ROLE team_admin;
ALTER ROLE team_admin WITH NOSUPERUSER INHERIT CREATEROLE CREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;

--
-- User Configurations
--

--
-- User Config "orders_writer_user"
--

ALTER ROLE orders_writer_user SET statement_timeout TO '30s';


--
-- Role memberships
--

GRANT billing_owner TO billing_owner_user GRANTED BY postgres;
GRANT billing_owner TO team_admin GRANTED BY postgres;
GRANT billing_reader TO billing_writer GRANTED BY postgres;
GRANT billing_writer TO billing_owner GRANTED BY postgres;
GRANT billing_writer TO billing_writer_user GRANTED BY postgres;
GRANT orders_owner TO orders_owner_user GRANTED BY postgres;
GRANT orders_owner TO team_admin GRANTED BY postgres;
GRANT orders_reader TO billing_writer_user GRANTED BY postgres;
GRANT orders_reader TO orders_reader_user GRANTED BY postgres;
GRANT orders_reader TO orders_writer GRANTED BY postgres;
GRANT orders_writer TO orders_owner GRANTED BY postgres;
GRANT orders_writer TO orders_writer_user GRANTED BY postgres;
GRANT pg_monitor TO robot_monitoring GRANTED BY postgres;






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

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
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
-- PostgreSQL database dump complete
--

\unrestrict dummy

--
-- Database "billing" dump
--

--
-- PostgreSQL database dump
--

\restrict dummy

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
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
-- Name: billing; Type: DATABASE; Schema: -; Owner: billing_owner
--

CREATE DATABASE billing WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'C';


ALTER DATABASE billing OWNER TO billing_owner;

\unrestrict dummy
\connect billing
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
-- Name: data; Type: SCHEMA; Schema: -; Owner: billing_owner
--

CREATE SCHEMA data;


ALTER SCHEMA data OWNER TO billing_owner;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: invoice; Type: TABLE; Schema: data; Owner: billing_owner
--

CREATE TABLE data.invoice (
    id bigint NOT NULL,
    total numeric
);


ALTER TABLE data.invoice OWNER TO billing_owner;

--
-- Name: invoice_id_seq; Type: SEQUENCE; Schema: data; Owner: billing_owner
--

ALTER TABLE data.invoice ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.invoice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Data for Name: invoice; Type: TABLE DATA; Schema: data; Owner: billing_owner
--

COPY data.invoice (id, total) FROM stdin;
\.


--
-- Name: invoice_id_seq; Type: SEQUENCE SET; Schema: data; Owner: billing_owner
--

SELECT pg_catalog.setval('data.invoice_id_seq', 1, false);


--
-- Name: SCHEMA data; Type: ACL; Schema: -; Owner: billing_owner
--

GRANT USAGE ON SCHEMA data TO billing_reader;
GRANT USAGE ON SCHEMA data TO billing_writer;


--
-- Name: TABLE invoice; Type: ACL; Schema: data; Owner: billing_owner
--

GRANT SELECT ON TABLE data.invoice TO billing_reader;
GRANT INSERT,DELETE,UPDATE ON TABLE data.invoice TO billing_writer;


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: data; Owner: billing_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE billing_owner IN SCHEMA data GRANT SELECT ON TABLES  TO billing_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE billing_owner IN SCHEMA data GRANT INSERT,DELETE,UPDATE ON TABLES  TO billing_writer;


--
-- PostgreSQL database dump complete
--

\unrestrict dummy

--
-- Database "orders" dump
--

--
-- PostgreSQL database dump
--

\restrict dummy

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
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
-- Name: orders; Type: DATABASE; Schema: -; Owner: orders_owner
--

CREATE DATABASE orders WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'C';


ALTER DATABASE orders OWNER TO orders_owner;

\unrestrict dummy
\connect orders
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
-- Name: data; Type: SCHEMA; Schema: -; Owner: orders_owner
--

CREATE SCHEMA data;


ALTER SCHEMA data OWNER TO orders_owner;

--
-- Name: history; Type: SCHEMA; Schema: -; Owner: orders_owner
--

CREATE SCHEMA history;


ALTER SCHEMA history OWNER TO orders_owner;

--
-- Name: metric_helpers; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA metric_helpers;


ALTER SCHEMA metric_helpers OWNER TO postgres;

--
-- Name: total(numeric[]); Type: FUNCTION; Schema: data; Owner: orders_owner
--

CREATE FUNCTION data.total(numeric[]) RETURNS numeric
    LANGUAGE sql
    AS $_$ SELECT sum(x) FROM unnest($1) x $_$;


ALTER FUNCTION data.total(numeric[]) OWNER TO orders_owner;

--
-- Name: sessions(); Type: FUNCTION; Schema: metric_helpers; Owner: postgres
--

CREATE FUNCTION metric_helpers.sessions() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    AS $$ SELECT count(*) FROM pg_stat_activity $$;


ALTER FUNCTION metric_helpers.sessions() OWNER TO postgres;

SET default_tablespace = '';

--
-- Name: event; Type: TABLE; Schema: data; Owner: orders_owner
--

CREATE TABLE data.event (
    at timestamp with time zone NOT NULL,
    what text
)
PARTITION BY RANGE (at);


ALTER TABLE data.event OWNER TO orders_owner;

SET default_table_access_method = heap;

--
-- Name: event_2026; Type: TABLE; Schema: data; Owner: orders_owner
--

CREATE TABLE data.event_2026 (
    at timestamp with time zone NOT NULL,
    what text
);


ALTER TABLE data.event_2026 OWNER TO orders_owner;

--
-- Name: order; Type: TABLE; Schema: data; Owner: orders_owner
--

CREATE TABLE data."order" (
    id bigint NOT NULL,
    total numeric
);


ALTER TABLE data."order" OWNER TO orders_owner;

--
-- Name: order_id_seq; Type: SEQUENCE; Schema: data; Owner: orders_owner
--

CREATE SEQUENCE data.order_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE data.order_id_seq OWNER TO orders_owner;

--
-- Name: order_id_seq; Type: SEQUENCE OWNED BY; Schema: data; Owner: orders_owner
--

ALTER SEQUENCE data.order_id_seq OWNED BY data."order".id;


--
-- Name: order_version; Type: TABLE; Schema: history; Owner: orders_owner
--

CREATE TABLE history.order_version (
    id bigint,
    total numeric
);


ALTER TABLE history.order_version OWNER TO orders_owner;

--
-- Name: table_bloat; Type: VIEW; Schema: metric_helpers; Owner: postgres
--

CREATE VIEW metric_helpers.table_bloat AS
 SELECT c.relname
   FROM pg_class c;


ALTER TABLE metric_helpers.table_bloat OWNER TO postgres;

--
-- Name: event_2026; Type: TABLE ATTACH; Schema: data; Owner: orders_owner
--

ALTER TABLE ONLY data.event ATTACH PARTITION data.event_2026 FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');


--
-- Data for Name: event_2026; Type: TABLE DATA; Schema: data; Owner: orders_owner
--

COPY data.event_2026 (at, what) FROM stdin;
\.


--
-- Data for Name: order; Type: TABLE DATA; Schema: data; Owner: orders_owner
--

COPY data."order" (id, total) FROM stdin;
\.


--
-- Data for Name: order_version; Type: TABLE DATA; Schema: history; Owner: orders_owner
--

COPY history.order_version (id, total) FROM stdin;
\.


--
-- Name: order_id_seq; Type: SEQUENCE SET; Schema: data; Owner: orders_owner
--

SELECT pg_catalog.setval('data.order_id_seq', 1, false);


--
-- Name: SCHEMA data; Type: ACL; Schema: -; Owner: orders_owner
--

GRANT USAGE ON SCHEMA data TO orders_reader;
GRANT USAGE ON SCHEMA data TO orders_writer;


--
-- Name: SCHEMA history; Type: ACL; Schema: -; Owner: orders_owner
--

GRANT USAGE ON SCHEMA history TO orders_reader;
GRANT USAGE ON SCHEMA history TO orders_writer;


--
-- Name: SCHEMA metric_helpers; Type: ACL; Schema: -; Owner: postgres
--

GRANT USAGE ON SCHEMA metric_helpers TO robot_monitoring;


--
-- Name: FUNCTION sessions(); Type: ACL; Schema: metric_helpers; Owner: postgres
--

REVOKE ALL ON FUNCTION metric_helpers.sessions() FROM PUBLIC;
GRANT ALL ON FUNCTION metric_helpers.sessions() TO robot_monitoring;


--
-- Name: TABLE event; Type: ACL; Schema: data; Owner: orders_owner
--

GRANT SELECT ON TABLE data.event TO orders_reader;
GRANT INSERT,DELETE,UPDATE ON TABLE data.event TO orders_writer;


--
-- Name: TABLE event_2026; Type: ACL; Schema: data; Owner: orders_owner
--

GRANT SELECT ON TABLE data.event_2026 TO orders_reader;
GRANT INSERT,DELETE,UPDATE ON TABLE data.event_2026 TO orders_writer;


--
-- Name: TABLE "order"; Type: ACL; Schema: data; Owner: orders_owner
--

GRANT SELECT ON TABLE data."order" TO orders_reader;
GRANT INSERT,DELETE,UPDATE ON TABLE data."order" TO orders_writer;


--
-- Name: SEQUENCE order_id_seq; Type: ACL; Schema: data; Owner: orders_owner
--

GRANT USAGE ON SEQUENCE data.order_id_seq TO orders_writer;
GRANT SELECT ON SEQUENCE data.order_id_seq TO orders_reader;


--
-- Name: TABLE order_version; Type: ACL; Schema: history; Owner: orders_owner
--

GRANT SELECT ON TABLE history.order_version TO orders_reader;
GRANT INSERT ON TABLE history.order_version TO orders_writer;


--
-- Name: TABLE table_bloat; Type: ACL; Schema: metric_helpers; Owner: postgres
--

GRANT SELECT ON TABLE metric_helpers.table_bloat TO robot_monitoring;


--
-- Name: DEFAULT PRIVILEGES FOR SEQUENCES; Type: DEFAULT ACL; Schema: data; Owner: orders_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE orders_owner IN SCHEMA data GRANT SELECT ON SEQUENCES  TO orders_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE orders_owner IN SCHEMA data GRANT USAGE ON SEQUENCES  TO orders_writer;


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: data; Owner: orders_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE orders_owner IN SCHEMA data GRANT SELECT ON TABLES  TO orders_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE orders_owner IN SCHEMA data GRANT INSERT,DELETE,UPDATE ON TABLES  TO orders_writer;


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: history; Owner: orders_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE orders_owner IN SCHEMA history GRANT SELECT ON TABLES  TO orders_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE orders_owner IN SCHEMA history GRANT INSERT,DELETE,UPDATE ON TABLES  TO orders_writer;


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

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
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
-- PostgreSQL database dump complete
--

\unrestrict dummy

--
-- PostgreSQL database cluster dump complete
--

