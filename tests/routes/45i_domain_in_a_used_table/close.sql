\connect shop svc_b_migrate
ALTER DOMAIN svc_b.number DROP CONSTRAINT number_check;
DROP FUNCTION svc_b.bump;
