\connect shop svc_b_migrate
CREATE TABLE svc_b.kind (a int);
\connect shop
ALTER TABLE svc_a.t ADD k svc_b.kind;
