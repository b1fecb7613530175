\connect shop
SELECT count(*)::text FROM svc_a.work;
