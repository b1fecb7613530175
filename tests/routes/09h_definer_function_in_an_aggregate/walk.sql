\connect shop svc_b_app
SELECT svc_a.total(1);
