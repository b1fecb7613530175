\connect shop svc_a_migrate
CREATE VIEW svc_a.v AS SELECT * FROM svc_a.t;
