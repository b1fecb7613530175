\connect shop svc_b_app
UPDATE svc_b.parent SET n = n + 1;
