\connect shop svc_a_app
UPDATE svc_a.orders SET id = id + 1;
