\connect shop
CREATE SCHEMA shared AUTHORIZATION svc_b_ddl;
GRANT CREATE, USAGE ON SCHEMA shared TO svc_a_ddl;
\connect shop svc_a_migrate
CREATE TABLE shared.oo (id int);
CREATE VIEW svc_a.vo AS SELECT * FROM shared.oo;
