\connect shop svc_b_migrate
CREATE TABLE svc_b.parent (id int, n int, note varchar);
