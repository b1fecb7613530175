\connect shop
SELECT to_regclass('svc_a.t')::text;
