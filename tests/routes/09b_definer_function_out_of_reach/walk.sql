\connect shop svc_b_app
SELECT svc_a.bump();
