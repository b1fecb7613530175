\connect shop svc_b_app
INSERT INTO notes.t VALUES ('x');
