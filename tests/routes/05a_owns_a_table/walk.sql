\connect shop svc_b_migrate
UPDATE svc_a.t SET n = n + 1;
