\connect shop svc_a_app
INSERT INTO work_log VALUES (1);
