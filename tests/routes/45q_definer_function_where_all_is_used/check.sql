\connect shop
SELECT count(*)::text FROM svc_b.inbox;
