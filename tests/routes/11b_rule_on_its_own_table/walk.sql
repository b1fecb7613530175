\connect shop svc_b_app
INSERT INTO svc_b.outbox VALUES (1);
