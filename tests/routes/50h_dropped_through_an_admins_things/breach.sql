\connect shop svc_b_migrate
CREATE TABLE svc_b.ref (id int);
\connect shop
CREATE SCHEMA util;
CREATE VIEW util.v AS SELECT id FROM svc_b.ref;
CREATE VIEW svc_a.v AS SELECT id FROM util.v;
ALTER VIEW svc_a.v OWNER TO svc_a_ddl;
CREATE FUNCTION util.f() RETURNS int LANGUAGE sql RETURN (SELECT count(*)::int FROM svc_b.ref);
ALTER TABLE svc_a.work ADD n int DEFAULT util.f();
ALTER TABLE svc_a.work ALTER id SET DEFAULT util.f();
