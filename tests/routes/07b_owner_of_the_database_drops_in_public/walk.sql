\connect shop svc_b_migrate
DROP TABLE public.u;
