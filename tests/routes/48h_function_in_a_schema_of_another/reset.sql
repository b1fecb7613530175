\connect shop
CREATE FUNCTION tools.guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER guard BEFORE UPDATE ON svc_a.t FOR EACH ROW EXECUTE FUNCTION tools.guard();
