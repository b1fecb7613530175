\connect shop svc_b_app
REINDEX TABLE svc_a.t;
