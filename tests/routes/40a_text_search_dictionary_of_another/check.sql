\connect shop
SELECT to_tsvector('svc_a.search', 'secrets https://x.org/a')::text;
