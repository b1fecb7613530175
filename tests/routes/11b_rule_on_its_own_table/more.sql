\connect shop svc_b_migrate
CREATE TABLE svc_b.outbox (id int);
