\connect shop
DROP INDEX svc_a.seen;
