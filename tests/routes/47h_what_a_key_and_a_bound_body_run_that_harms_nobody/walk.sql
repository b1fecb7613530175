\connect shop svc_a_app
SELECT svc_a.add('a@b'), svc_a.open();
DELETE FROM svc_a.orders;
