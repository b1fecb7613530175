\connect shop
SELECT string_agg(attname, ' ' ORDER BY attname) FROM pg_attribute WHERE attrelid = 'svc_a.t'::regclass AND attnum > 0 AND NOT attisdropped;
