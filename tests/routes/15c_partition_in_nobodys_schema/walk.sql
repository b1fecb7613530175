\connect shop svc_b_app
UPDATE parts.t2 SET n = n + 1;
