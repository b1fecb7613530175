\connect shop
ALTER FUNCTION svc_a.f() SET search_path = svc_a;
