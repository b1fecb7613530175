\connect shop svc_a_migrate
-- the walks are after svc_a.t: they count n up, or carry its secret to svc_b.loot; who is lured writes to svc_a.work
CREATE TABLE svc_a.t (id int PRIMARY KEY, n int NOT NULL, note varchar);
INSERT INTO svc_a.t VALUES (1, 0, 'secret');
CREATE TABLE svc_a.work (id int);

\connect shop svc_b_migrate
CREATE TABLE svc_b.loot (what text);
