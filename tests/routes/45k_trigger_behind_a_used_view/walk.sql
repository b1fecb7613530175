\connect shop svc_a_app
INSERT INTO svc_b.door (id) VALUES (1);
