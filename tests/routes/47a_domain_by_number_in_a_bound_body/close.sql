\connect shop svc_a_migrate
ALTER FUNCTION svc_a.f(text, text) SECURITY INVOKER;
