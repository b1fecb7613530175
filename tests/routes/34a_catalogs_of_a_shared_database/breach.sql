\connect shop svc_a_migrate
CREATE FUNCTION svc_a.key() RETURNS text LANGUAGE sql AS $$ SELECT 'secret'; $$;
