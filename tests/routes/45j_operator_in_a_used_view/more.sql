\connect shop svc_b_migrate
CREATE TABLE svc_b.inbox (id int, note text);
CREATE VIEW svc_b.seen AS SELECT id FROM svc_b.inbox;
INSERT INTO svc_b.inbox VALUES (1);
