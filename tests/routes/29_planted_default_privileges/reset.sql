\connect shop
TRUNCATE svc_a.later;
