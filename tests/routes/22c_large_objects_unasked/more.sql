\connect shop svc_a_migrate
SELECT lo_create(4242);
