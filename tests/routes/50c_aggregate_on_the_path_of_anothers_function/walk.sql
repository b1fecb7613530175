\connect shop svc_a_app
SELECT total(1);
