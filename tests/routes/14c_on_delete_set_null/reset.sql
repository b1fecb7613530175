\connect shop
TRUNCATE svc_b.parent, svc_a.kid;
INSERT INTO svc_b.parent VALUES (1);
INSERT INTO svc_a.kid VALUES (1);
