\connect shop
CREATE SCHEMA reports;
CREATE VIEW reports.v AS SELECT * FROM svc_a.t;
GRANT USAGE ON SCHEMA reports TO svc_b_dml;
GRANT SELECT, UPDATE ON reports.v TO svc_b_dml;
