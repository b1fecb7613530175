\connect shop
SELECT count(*)::text FROM pg_largeobject_metadata;
