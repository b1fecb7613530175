\connect shop svc_a_app
INSERT INTO svc_a.all_t VALUES (2, 0, 'mine');
