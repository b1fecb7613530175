\connect shop svc_b_app
SELECT keys.let_in('svc_b_app');
UPDATE svc_a.t SET n = n + 1;
