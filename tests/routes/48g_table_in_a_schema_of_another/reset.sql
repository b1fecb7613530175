\connect shop svc_a_migrate
CREATE TABLE shared.oo (id int);
CREATE VIEW svc_a.vo AS SELECT * FROM shared.oo;
