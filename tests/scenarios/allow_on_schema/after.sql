\connect orders
CREATE TABLE public.anything (id int);
