\connect shop svc_a_app
INSERT INTO svc_a.work VALUES (1, ROW(ARRAY[1]));
