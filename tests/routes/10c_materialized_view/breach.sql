\connect shop svc_a_migrate
CREATE MATERIALIZED VIEW svc_a.v AS SELECT * FROM svc_a.t;
GRANT USAGE ON SCHEMA svc_a TO svc_b_dml;
GRANT SELECT ON svc_a.v TO svc_b_dml;
