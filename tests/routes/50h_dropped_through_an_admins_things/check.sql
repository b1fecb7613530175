\connect shop
SELECT concat(to_regclass('svc_a.v') IS NULL, (SELECT count(*) FROM pg_attrdef WHERE adrelid = 'svc_a.work'::regclass));
