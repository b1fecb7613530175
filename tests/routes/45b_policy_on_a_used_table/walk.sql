\connect shop svc_a_app
SELECT count(*) FROM svc_b.inbox WHERE note IS NULL;
