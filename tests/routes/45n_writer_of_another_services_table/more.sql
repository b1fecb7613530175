\connect shop svc_b_migrate
CREATE TABLE svc_b.inbox (id int, note text);
CREATE TABLE svc_b.letters (id int);
