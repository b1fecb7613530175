\connect shop svc_a_migrate
CREATE TABLE svc_a.inbox (id text);
CREATE TABLE svc_a.kept (id text);
CREATE MATERIALIZED VIEW svc_a.copy AS SELECT * FROM svc_a.t;
