\connect shop svc_a_migrate
DROP TABLE svc_a.t;
CREATE TABLE svc_a.t (id int, n int NOT NULL, note varchar) PARTITION BY RANGE (id);
CREATE TABLE svc_a.t1 PARTITION OF svc_a.t FOR VALUES FROM (0) TO (10);
INSERT INTO svc_a.t VALUES (1, 0, 'secret');
\connect shop
CREATE SCHEMA parts;
