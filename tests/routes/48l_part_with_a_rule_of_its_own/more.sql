\connect shop svc_a_migrate
DROP TABLE svc_a.t;
CREATE TABLE svc_a.t (id int, n int NOT NULL, note varchar) PARTITION BY RANGE (id);
CREATE TABLE svc_a.old (id int, n int NOT NULL, note varchar);
INSERT INTO svc_a.old VALUES (1, 0, 'secret');
