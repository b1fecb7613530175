\connect shop svc_a_migrate
CREATE RULE enough AS ON INSERT TO svc_a.work WHERE EXISTS (SELECT FROM svc_a.t WHERE n > 100) DO INSTEAD NOTHING;
