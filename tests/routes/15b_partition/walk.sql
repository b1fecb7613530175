\connect shop svc_b_app
INSERT INTO svc_b.events VALUES (1);
