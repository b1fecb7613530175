\connect shop svc_a_migrate
CREATE FUNCTION svc_a.bump() RETURNS int LANGUAGE plpgsql AS $$ BEGIN UPDATE svc_a.t SET n = n + 1; RETURN 1; END $$;
ALTER TABLE svc_a.work ADD more int DEFAULT 1;
ALTER TABLE svc_a.work ALTER more SET DEFAULT svc_a.bump();
CREATE FUNCTION svc_a.f() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = svc_a, pg_temp
BEGIN ATOMIC INSERT INTO svc_a.work VALUES (1); END;
