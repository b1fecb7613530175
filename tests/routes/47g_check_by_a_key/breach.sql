\connect shop svc_a_migrate
CREATE FUNCTION svc_a.bump(int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN UPDATE svc_a.t SET n = n + 1; RETURN true; END $$;
ALTER TABLE svc_a.lines ADD CONSTRAINT c CHECK (svc_a.bump(id)) NOT VALID;
