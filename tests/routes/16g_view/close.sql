\connect shop
CREATE OR REPLACE VIEW svc_a.v AS SELECT id AS seen FROM svc_a.t;
