\connect shop svc_b_app
REINDEX SCHEMA svc_a;
