\connect shop svc_b_migrate
CREATE TABLE svc_b.events (id int) PARTITION BY LIST (id);

\connect shop svc_a_migrate
CREATE TABLE svc_a.events (id int);
