\connect shop svc_a_app
DELETE FROM svc_a.orders WHERE id = (SELECT min(id) FROM svc_a.orders);
