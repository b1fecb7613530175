\connect shop svc_b_app
SET ROLE ops;
UPDATE svc_a.t SET n = n + 1;
