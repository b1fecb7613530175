\connect shop svc_b_migrate
DROP TABLE svc_b.ref CASCADE;
