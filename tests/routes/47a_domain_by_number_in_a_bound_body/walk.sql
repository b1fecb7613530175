\connect shop svc_a_app
CREATE FUNCTION pg_temp.ev(text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN UPDATE svc_a.t SET n = n + 1; RETURN true; END $$;
CREATE DOMAIN pg_temp.d AS text CHECK (pg_temp.ev(VALUE));
SELECT svc_a.f('x', 'pg_temp.d');
