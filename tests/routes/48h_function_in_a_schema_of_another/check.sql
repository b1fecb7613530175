\connect shop
SELECT count(*)::text FROM pg_trigger WHERE tgname = 'guard';
