\connect shop
GRANT USAGE ON SCHEMA svc_a TO svc_b_dml;
GRANT SELECT (n), UPDATE (n) ON svc_a.t TO svc_b_dml;
