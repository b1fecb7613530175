\connect shop svc_b_app
INSERT INTO svc_a.work (id, at) SELECT i, ('[' || i || ',' || i + 1 || ')')::svc_a.span FROM generate_series(1, 1000) AS i;
