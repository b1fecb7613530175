\connect shop svc_a_migrate
CREATE FUNCTION svc_a.bump() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = svc_a, pg_temp
AS $$ BEGIN UPDATE svc_a.t SET n = n + 1; RETURN NULL; END $$;
REVOKE EXECUTE ON FUNCTION svc_a.bump() FROM svc_a_dml, svc_a_ro;
\connect shop
CREATE TRIGGER bump AFTER INSERT ON notes.t FOR EACH STATEMENT EXECUTE FUNCTION svc_a.bump();
CREATE VIEW notes.v AS SELECT id FROM notes.t;
GRANT USAGE ON SCHEMA notes TO svc_b_app;
GRANT INSERT ON notes.v TO svc_b_app;
