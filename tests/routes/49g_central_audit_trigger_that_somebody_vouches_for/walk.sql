\connect shop svc_b_app
INSERT INTO svc_a.work VALUES (1);
