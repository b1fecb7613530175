\connect shop svc_a_migrate
CREATE MATERIALIZED VIEW svc_a.copy AS SELECT note FROM svc_a.t;
\connect shop
CREATE SCHEMA notes;
CREATE TABLE notes.t (note varchar);
CREATE RULE look AS ON INSERT TO notes.t DO INSTEAD INSERT INTO svc_b.loot SELECT note FROM svc_a.copy;
GRANT USAGE ON SCHEMA notes TO svc_b_app;
GRANT INSERT ON notes.t TO svc_b_app;
