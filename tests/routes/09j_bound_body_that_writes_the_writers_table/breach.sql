\connect shop svc_a_migrate
CREATE FUNCTION svc_a.bump() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = svc_a, pg_temp
BEGIN ATOMIC UPDATE svc_a.t SET n = n + 1; END;
