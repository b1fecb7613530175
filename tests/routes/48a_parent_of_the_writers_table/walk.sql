\connect shop svc_a_app
UPDATE svc_a.base SET n = n + 1;
