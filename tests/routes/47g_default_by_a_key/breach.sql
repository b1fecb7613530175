\connect shop svc_a_migrate
CREATE FUNCTION svc_a.bump() RETURNS int LANGUAGE plpgsql AS $$ BEGIN UPDATE svc_a.t SET n = n + 1; RETURN NULL; END $$;
ALTER TABLE svc_a.lines ALTER id SET DEFAULT svc_a.bump();
