\connect shop
SELECT concat((SELECT count(*) FROM pg_attribute WHERE attrelid = 'svc_a.t'::regclass AND attname = 'words' AND NOT attisdropped), to_regclass('svc_a.parted'));
