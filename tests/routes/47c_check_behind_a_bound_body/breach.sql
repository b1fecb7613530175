\connect shop svc_a_migrate
CREATE FUNCTION svc_a.bump(int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN UPDATE svc_a.t SET n = n + 1; RETURN true; END $$;
ALTER TABLE svc_a.work ADD CONSTRAINT c CHECK (svc_a.bump(id));
CREATE FUNCTION svc_a.f() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = svc_a, pg_temp
BEGIN ATOMIC INSERT INTO svc_a.work VALUES (1); END;
