\connect shop svc_a_migrate
CREATE FUNCTION svc_a.bump() RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = svc_a, pg_temp AS $$ BEGIN UPDATE svc_a.t SET n = n + 1; RETURN NULL; END $$;
REVOKE EXECUTE ON FUNCTION svc_a.bump() FROM PUBLIC, svc_a_dml, svc_a_ro;
ALTER TABLE svc_a.lines ALTER id SET DEFAULT svc_a.bump();
