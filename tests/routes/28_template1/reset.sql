\connect template1
DROP TABLE public.trap;
