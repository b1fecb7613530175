\connect shop svc_a_migrate
DROP POLICY p ON svc_a.work;
