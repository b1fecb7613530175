\connect shop
GRANT USAGE ON SCHEMA svc_a TO svc_b_app;
GRANT INSERT (id, n) ON svc_a.t TO svc_b_app;
