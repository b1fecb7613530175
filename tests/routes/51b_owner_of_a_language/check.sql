\connect shop
SELECT string_agg(lanname, ' ' ORDER BY lanname) FROM pg_language;
