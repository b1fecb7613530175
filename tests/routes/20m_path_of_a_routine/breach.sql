\connect shop svc_a_migrate
CREATE FUNCTION svc_a.f() RETURNS int LANGUAGE plpgsql SET search_path = legacy AS $$ BEGIN RETURN length('x'::varchar); END $$;
