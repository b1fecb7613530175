\connect shop
DROP TABLE svc_b.kid;
