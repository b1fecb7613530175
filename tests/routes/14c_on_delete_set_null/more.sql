\connect shop svc_b_migrate
CREATE TABLE svc_b.parent (id int PRIMARY KEY);
INSERT INTO svc_b.parent VALUES (1);

\connect shop svc_a_migrate
CREATE TABLE svc_a.kid (id int);
INSERT INTO svc_a.kid VALUES (1);
