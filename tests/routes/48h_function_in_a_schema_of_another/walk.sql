\connect shop svc_b_migrate
DROP FUNCTION tools.guard() CASCADE;
