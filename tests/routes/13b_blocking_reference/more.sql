\connect shop svc_b_migrate
CREATE TABLE svc_b.kid (id int);
