\connect shop svc_a_app
UPDATE svc_a.old SET n = n + 1;
