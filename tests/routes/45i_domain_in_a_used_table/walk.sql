\connect shop svc_a_app
INSERT INTO svc_b.inbox (id, numbers) VALUES (1, '{1}');
