\connect shop
DROP OPERATOR svc_b.!=== (int, int);
