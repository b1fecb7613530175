\connect shop svc_b_app
INSERT INTO svc_a.inbox VALUES ('secret');
