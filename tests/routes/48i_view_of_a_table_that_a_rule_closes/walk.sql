\connect shop svc_a_app
UPDATE svc_a.v SET n = n + 1;
