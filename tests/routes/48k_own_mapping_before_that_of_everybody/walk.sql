\connect shop svc_b_app
DROP OWNED BY svc_b_app;
UPDATE svc_b.far SET n = n + 1;
