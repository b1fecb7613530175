\connect shop svc_a_migrate
CREATE FUNCTION svc_a.note() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = svc_a, pg_temp
BEGIN ATOMIC INSERT INTO svc_a.work VALUES (1); END;
