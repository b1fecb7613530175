\connect shop svc_a_app
SELECT * FROM svc_b.items;
