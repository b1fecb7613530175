\connect shop svc_a_app
UPDATE svc_a.orders SET id = id + 100 WHERE id = (SELECT min(id) FROM svc_a.orders);
