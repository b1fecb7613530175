\connect shop svc_b_app
UPDATE svc_b.nearby SET n = n + 1;
