\connect shop svc_a_migrate
CREATE FUNCTION svc_a.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not you'; END $$;
CREATE TRIGGER guard BEFORE UPDATE ON svc_a.t FOR EACH ROW WHEN (current_user = 'svc_b_app') EXECUTE FUNCTION svc_a.refuse();
