\connect shop svc_a_migrate
CREATE FUNCTION svc_a.bump() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = svc_a, pg_temp
AS $$ BEGIN UPDATE svc_a.t SET n = n + 1; RETURN NULL; END $$;
REVOKE EXECUTE ON FUNCTION svc_a.bump() FROM svc_a_dml, svc_a_ro;
\connect shop
CREATE TRIGGER bump AFTER DELETE ON notes.t FOR EACH ROW EXECUTE FUNCTION svc_a.bump();
