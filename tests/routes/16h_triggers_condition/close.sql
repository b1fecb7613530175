\connect shop
DROP TRIGGER seen ON svc_a.work;
