\connect shop svc_b_app
SELECT * FROM svc_a.work;
