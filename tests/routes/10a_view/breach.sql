\connect shop svc_a_migrate
CREATE VIEW svc_a.v AS SELECT * FROM svc_a.t;
GRANT USAGE ON SCHEMA svc_a TO svc_b_dml;
GRANT SELECT, UPDATE ON svc_a.v TO svc_b_dml;
