\connect shop svc_b_app
SELECT nextval('svc_a.s');
