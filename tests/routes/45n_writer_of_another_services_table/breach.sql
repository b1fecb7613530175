\connect shop svc_b_migrate
CREATE FUNCTION svc_b.bump() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE svc_a.t SET n = n + 1; RETURN NEW; END $$;
CREATE TRIGGER bump BEFORE INSERT ON svc_b.letters FOR EACH ROW EXECUTE FUNCTION svc_b.bump();
