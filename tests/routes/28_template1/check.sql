\connect template1
SELECT count(*)::text FROM pg_class WHERE relname = 'trap';
