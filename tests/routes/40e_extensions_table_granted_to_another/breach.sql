\connect shop
CREATE EXTENSION citext SCHEMA public;
ALTER EXTENSION citext ADD TABLE svc_a.work;
ALTER TABLE svc_a.work OWNER TO postgres;
GRANT INSERT ON svc_a.work TO svc_b_dml;
