\connect shop svc_a_migrate
DROP TABLE svc_a.later;
CREATE TABLE svc_a.later (id int);

\connect shop svc_b_app
INSERT INTO svc_a.later VALUES (1);
