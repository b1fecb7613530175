\connect shop svc_a_migrate
CREATE TABLE svc_a.t (id int PRIMARY KEY, n int NOT NULL, note varchar);
