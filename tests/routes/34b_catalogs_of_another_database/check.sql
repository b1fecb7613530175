\connect svc_b
SELECT count(*)::text FROM svc_b.loot;
