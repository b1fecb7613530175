\connect shop svc_a_migrate
DO $$ BEGIN IF current_setting('server_version_num')::int >= 160000 THEN
  CREATE FUNCTION svc_a.f(t text, k text) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = svc_a, pg_temp
  BEGIN ATOMIC SELECT pg_input_is_valid(t, k); END;
END IF; END $$;
