\connect shop svc_a_migrate
CREATE TABLE svc_a.orders (id int PRIMARY KEY);
INSERT INTO svc_a.orders VALUES (0);
REVOKE UPDATE, DELETE ON svc_a.orders FROM svc_a_dml;
GRANT UPDATE (id) ON svc_a.orders TO svc_a_app;
ALTER TABLE svc_a.t ADD FOREIGN KEY (n) REFERENCES svc_a.orders ON UPDATE CASCADE;
