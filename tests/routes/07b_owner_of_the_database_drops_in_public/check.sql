\connect shop
SELECT to_regclass('public.u')::text;
