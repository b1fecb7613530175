\connect shop svc_a_migrate
CREATE TABLE svc_a.queue (id int);
