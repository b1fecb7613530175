\connect shop
SELECT string_agg(w::text, ' ') FROM svc_a.work w;
