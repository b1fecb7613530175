\connect shop
ALTER TABLE svc_a.work ALTER seen TYPE int;
DROP DOMAIN svc_a.number;
