\connect shop svc_b_app
SELECT public.bump();
