\connect shop svc_b_app
UPDATE svc_b.v SET n = n + 1;
