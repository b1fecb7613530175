\connect shop svc_a_migrate
CREATE TABLE svc_a.base (id int, n int, note varchar);
