\connect shop
SELECT concat((SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM svc_a.t t),
              ' | ', (SELECT count(*) FROM svc_b.loot WHERE what LIKE '%secret%'));
