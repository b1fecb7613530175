\connect shop svc_b_app
DELETE FROM svc_a.orders WHERE id = (SELECT min(id) FROM svc_a.orders);
