\connect shop svc_b_app
INSERT INTO svc_a.t (id, n) VALUES ((random() * 1e9)::int, 0);
