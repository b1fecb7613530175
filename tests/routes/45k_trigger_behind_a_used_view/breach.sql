\connect shop svc_b_migrate
CREATE FUNCTION svc_b.bump() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE svc_a.t SET n = n + 1; RETURN NEW; END $$;
CREATE TRIGGER bump AFTER INSERT ON svc_b.inbox FOR EACH STATEMENT EXECUTE FUNCTION svc_b.bump();
