\connect shop svc_a_migrate
CREATE RULE asking AS ON INSERT TO svc_a.inbox WHERE EXISTS (SELECT FROM svc_a.t WHERE n > 1000) DO INSTEAD NOTHING;
