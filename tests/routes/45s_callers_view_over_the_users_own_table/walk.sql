\connect shop svc_a_app
UPDATE svc_b.inbox SET n = n + 1 WHERE id = 1;
