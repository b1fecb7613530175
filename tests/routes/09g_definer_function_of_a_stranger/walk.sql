\connect shop svc_b_app
SELECT reports.bump();
