\connect shop
SELECT (SELECT count(*) FROM pg_attribute WHERE attrelid = 'svc_a.t'::regclass AND attname = 'spans' AND NOT attisdropped)::text;
