\connect shop svc_a_migrate
CREATE FUNCTION svc_a.f(t text, k text) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = svc_a, pg_temp
BEGIN ATOMIC SELECT domain_in(t::cstring, k::regtype::oid, -1) IS NULL; END;
