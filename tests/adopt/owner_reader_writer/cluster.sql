--
-- Databases as an operator makes them: for each an owner, a writer who is a reader, and a login for each of the three; besides
-- them its own roles and schemas.
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
ALTER ROLE orders_writer_user WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE robot_monitoring;
ALTER ROLE robot_monitoring WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE standby;
ALTER ROLE standby WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN REPLICATION NOBYPASSRLS;
CREATE ROLE team_admin;
ALTER ROLE team_admin WITH NOSUPERUSER INHERIT CREATEROLE CREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;

ALTER ROLE orders_writer_user PASSWORD 'SCRAM-SHA-256$4096:ZHVtbXlkdW1teWR1bW15ZA==$mlK+bW16kiVCajeUapki/6obLfd/G5m96sVz561uewg=:9k9RAim4d38hwVToJt9f7DYIwVTv8pC1Bnfl3cT2sCo=' VALID UNTIL '2030-01-01 00:00:00+00';
ALTER ROLE orders_writer_user SET statement_timeout TO '30s';

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

CREATE DATABASE billing WITH TEMPLATE = template0 ENCODING = 'UTF8';
ALTER DATABASE billing OWNER TO billing_owner;
CREATE DATABASE orders WITH TEMPLATE = template0 ENCODING = 'UTF8';
ALTER DATABASE orders OWNER TO orders_owner;

\connect billing

CREATE SCHEMA data;
ALTER SCHEMA data OWNER TO billing_owner;
CREATE TABLE data.invoice (
    id bigint NOT NULL,
    total numeric
);
ALTER TABLE data.invoice OWNER TO billing_owner;
ALTER TABLE data.invoice ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME data.invoice_id_seq
);

GRANT USAGE ON SCHEMA data TO billing_reader;
GRANT USAGE ON SCHEMA data TO billing_writer;
GRANT SELECT ON TABLE data.invoice TO billing_reader;
GRANT INSERT,DELETE,UPDATE ON TABLE data.invoice TO billing_writer;
ALTER DEFAULT PRIVILEGES FOR ROLE billing_owner IN SCHEMA data GRANT SELECT ON TABLES TO billing_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE billing_owner IN SCHEMA data GRANT INSERT,DELETE,UPDATE ON TABLES TO billing_writer;

\connect orders

CREATE SCHEMA data;
ALTER SCHEMA data OWNER TO orders_owner;
CREATE SCHEMA history;
ALTER SCHEMA history OWNER TO orders_owner;
CREATE SCHEMA metric_helpers;
ALTER SCHEMA metric_helpers OWNER TO postgres;

CREATE FUNCTION data.total(numeric[]) RETURNS numeric LANGUAGE sql AS $_$ SELECT sum(x) FROM unnest($1) x $_$;
ALTER FUNCTION data.total(numeric[]) OWNER TO orders_owner;
CREATE FUNCTION metric_helpers.sessions() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*) FROM pg_stat_activity $$;
ALTER FUNCTION metric_helpers.sessions() OWNER TO postgres;
CREATE TABLE data."order" (
    id bigint NOT NULL,
    total numeric
);
ALTER TABLE data."order" OWNER TO orders_owner;
CREATE SEQUENCE data.order_id_seq;
ALTER TABLE data.order_id_seq OWNER TO orders_owner;
ALTER SEQUENCE data.order_id_seq OWNED BY data."order".id;
CREATE TABLE data.event (
    at timestamp with time zone NOT NULL,
    what text
)
PARTITION BY RANGE (at);
ALTER TABLE data.event OWNER TO orders_owner;
CREATE TABLE data.event_2026 (
    at timestamp with time zone NOT NULL,
    what text
);
ALTER TABLE data.event_2026 OWNER TO orders_owner;
ALTER TABLE ONLY data.event ATTACH PARTITION data.event_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE history.order_version (
    id bigint,
    total numeric
);
ALTER TABLE history.order_version OWNER TO orders_owner;
CREATE VIEW metric_helpers.table_bloat AS
 SELECT c.relname FROM pg_catalog.pg_class c;
ALTER TABLE metric_helpers.table_bloat OWNER TO postgres;

GRANT USAGE ON SCHEMA data TO orders_reader;
GRANT USAGE ON SCHEMA data TO orders_writer;
GRANT USAGE ON SCHEMA history TO orders_reader;
GRANT USAGE ON SCHEMA history TO orders_writer;
GRANT USAGE ON SCHEMA metric_helpers TO robot_monitoring;
REVOKE ALL ON FUNCTION metric_helpers.sessions() FROM PUBLIC;
GRANT ALL ON FUNCTION metric_helpers.sessions() TO robot_monitoring;
GRANT SELECT ON TABLE data."order" TO orders_reader;
GRANT INSERT,DELETE,UPDATE ON TABLE data."order" TO orders_writer;
GRANT USAGE ON SEQUENCE data.order_id_seq TO orders_writer;
GRANT SELECT ON SEQUENCE data.order_id_seq TO orders_reader;
GRANT SELECT ON TABLE data.event TO orders_reader;
GRANT INSERT,DELETE,UPDATE ON TABLE data.event TO orders_writer;
GRANT SELECT ON TABLE data.event_2026 TO orders_reader;
GRANT INSERT,DELETE,UPDATE ON TABLE data.event_2026 TO orders_writer;
GRANT SELECT ON TABLE history.order_version TO orders_reader;
GRANT INSERT ON TABLE history.order_version TO orders_writer;
GRANT SELECT ON TABLE metric_helpers.table_bloat TO robot_monitoring;

ALTER DEFAULT PRIVILEGES FOR ROLE orders_owner IN SCHEMA data GRANT SELECT ON SEQUENCES TO orders_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE orders_owner IN SCHEMA data GRANT USAGE ON SEQUENCES TO orders_writer;
ALTER DEFAULT PRIVILEGES FOR ROLE orders_owner IN SCHEMA data GRANT SELECT ON TABLES TO orders_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE orders_owner IN SCHEMA data GRANT INSERT,DELETE,UPDATE ON TABLES TO orders_writer;
ALTER DEFAULT PRIVILEGES FOR ROLE orders_owner IN SCHEMA history GRANT SELECT ON TABLES TO orders_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE orders_owner IN SCHEMA history GRANT INSERT,DELETE,UPDATE ON TABLES TO orders_writer;
