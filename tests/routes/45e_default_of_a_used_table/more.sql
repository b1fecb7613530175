\connect shop svc_a_migrate
CREATE SEQUENCE svc_a.no;
\connect shop svc_b_migrate
CREATE TABLE svc_b.inbox (id int, note text);
