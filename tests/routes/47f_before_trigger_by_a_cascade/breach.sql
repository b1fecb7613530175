\connect shop svc_a_migrate
CREATE FUNCTION svc_a.bump() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE svc_a.t SET n = n + 1; RETURN OLD; END $$;
CREATE TRIGGER bump BEFORE DELETE ON svc_a.lines FOR EACH ROW EXECUTE FUNCTION svc_a.bump();
