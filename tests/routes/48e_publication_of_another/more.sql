\connect shop svc_a_migrate
CREATE TABLE svc_a.inbox (id int);
INSERT INTO svc_a.inbox VALUES (1);
