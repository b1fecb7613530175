\connect shop svc_a_app
DELETE FROM svc_b.inbox WHERE id = (SELECT min(id) FROM svc_b.inbox);
