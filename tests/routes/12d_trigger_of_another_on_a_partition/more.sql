\connect shop svc_a_migrate
DROP TABLE svc_a.work;
CREATE TABLE svc_a.work (id int) PARTITION BY RANGE (id);
\connect shop
CREATE SCHEMA parts;
