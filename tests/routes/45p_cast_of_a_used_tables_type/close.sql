\connect shop svc_b_migrate
DROP FUNCTION svc_b.bump(svc_b.state) CASCADE;
