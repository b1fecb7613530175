\connect shop svc_a_app
INSERT INTO svc_b.inbox (id) VALUES (1);
