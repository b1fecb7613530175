\connect shop
SELECT count(*)::text FROM pg_attribute
WHERE attrelid = 'svc_a.t'::regclass AND attname = 'k' AND NOT attisdropped;
