\connect shop svc_b_app
UPDATE svc_a.v SET n = n + 1;
