\connect shop
DROP FOREIGN TABLE svc_a.inbox;
