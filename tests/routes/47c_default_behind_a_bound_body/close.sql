\connect shop svc_a_migrate
ALTER FUNCTION svc_a.f() SECURITY INVOKER;
