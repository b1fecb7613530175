\connect shop svc_b_migrate
CREATE TABLE svc_b.inbox (id int PRIMARY KEY, note text);
INSERT INTO svc_b.inbox SELECT generate_series(1, 9);
