\connect shop svc_b_migrate
DROP TABLE shared.oo CASCADE;
