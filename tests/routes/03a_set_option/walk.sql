\connect shop svc_b_app
SET ROLE svc_a_dml;
UPDATE svc_a.t SET n = n + 1;
