\connect template1 svc_b_app
CREATE TABLE public.trap (id int);
