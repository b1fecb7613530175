\connect shop
CREATE TABLE public.u (id int);
ALTER TABLE public.u OWNER TO svc_a_ddl;
