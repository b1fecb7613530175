\connect shop svc_a_migrate
ALTER FUNCTION svc_a.hand_in(int) SET search_path = svc_a;
