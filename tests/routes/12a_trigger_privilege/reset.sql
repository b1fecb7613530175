\connect shop
DROP TRIGGER trap ON svc_a.t;
