\connect shop
SELECT string_agg(coalesce(id::text, 'null'), ' ') FROM svc_a.kid;
