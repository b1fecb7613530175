\connect shop svc_b_app
INSERT INTO notes.v VALUES (1);
