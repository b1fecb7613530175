\connect shop svc_a_migrate
DROP POLICY p ON svc_a.work;
SELECT setval('svc_b.no', 1, false) WHERE false;
