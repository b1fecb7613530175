\connect shop svc_a_app
INSERT INTO svc_b.letters (id) VALUES (1);
