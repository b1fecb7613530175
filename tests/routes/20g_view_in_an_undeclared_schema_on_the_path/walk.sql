\connect shop svc_a_app
SELECT * FROM items;
