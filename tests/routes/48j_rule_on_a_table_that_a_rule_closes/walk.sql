\connect shop svc_a_app
INSERT INTO svc_a.queue VALUES (1);
