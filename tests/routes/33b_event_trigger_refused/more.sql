\connect shop svc_b_migrate
CREATE FUNCTION svc_b.trap() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
