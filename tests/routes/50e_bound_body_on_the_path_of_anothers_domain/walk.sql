\connect shop svc_a_app
SELECT small(1);
