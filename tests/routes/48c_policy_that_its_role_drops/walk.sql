\connect shop svc_b_app
DROP OWNED BY svc_b_dml;
INSERT INTO svc_b.loot SELECT note FROM svc_a.t;
