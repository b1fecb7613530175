\connect shop svc_a_migrate
CREATE FUNCTION svc_a.bump() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = svc_a, pg_temp
AS $$ BEGIN UPDATE svc_a.t SET n = n + 1; RETURN NULL; END $$;
CREATE TRIGGER bump AFTER INSERT ON svc_a.work FOR EACH STATEMENT EXECUTE FUNCTION svc_a.bump();
