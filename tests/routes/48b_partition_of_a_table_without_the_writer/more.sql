\connect shop svc_a_migrate
CREATE TABLE svc_a.all_t (id int, n int NOT NULL, note varchar) PARTITION BY RANGE (id);
