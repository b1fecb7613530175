\connect shop svc_b_app
SELECT setval('svc_a.s', 100);
