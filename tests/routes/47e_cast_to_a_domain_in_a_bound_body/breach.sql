\connect shop svc_a_migrate
CREATE FUNCTION svc_a.bump(text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN UPDATE svc_a.t SET n = n + 1; RETURN true; END $$;
CREATE DOMAIN svc_a.d AS text CHECK (svc_a.bump(VALUE));
CREATE FUNCTION svc_a.f(t text) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = svc_a, pg_temp
BEGIN ATOMIC SELECT (t::svc_a.d)::text; END;
