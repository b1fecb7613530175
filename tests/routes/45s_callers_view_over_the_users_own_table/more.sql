\connect shop svc_b_migrate
CREATE TABLE svc_b.rows (id int, n int);
INSERT INTO svc_b.rows VALUES (1, 1);
CREATE VIEW svc_b.inbox AS SELECT id, n FROM svc_b.rows;
