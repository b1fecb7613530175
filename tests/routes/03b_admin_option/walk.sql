\connect shop svc_b_app
GRANT svc_a_dml TO svc_b_app;
UPDATE svc_a.t SET n = n + 1;
