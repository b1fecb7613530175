\connect shop svc_b_migrate
INSERT INTO svc_b.key VALUES (row(1));
