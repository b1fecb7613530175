\connect shop svc_b_migrate
CREATE TABLE svc_b.inbox (id int, note text);
CREATE VIEW svc_b.door AS SELECT id, note FROM svc_b.inbox;
