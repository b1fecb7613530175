\connect shop svc_a_migrate
CREATE FUNCTION svc_a.f(t text, k text) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = svc_a, pg_temp
BEGIN ATOMIC SELECT domain_in(t::cstring, k::regtype::oid, -1)::text; END;
