\connect shop svc_a_migrate
CREATE FUNCTION svc_a.bump() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN UPDATE svc_a.t SET n = n + 1; RETURN false; END $$;
CREATE FUNCTION svc_a.nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER bump AFTER DELETE ON svc_a.lines FOR EACH ROW WHEN (svc_a.bump()) EXECUTE FUNCTION svc_a.nothing();
