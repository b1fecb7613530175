\connect shop
SELECT (to_regclass('svc_a.once') IS NOT NULL)::text;
