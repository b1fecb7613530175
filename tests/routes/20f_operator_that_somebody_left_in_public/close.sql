\connect shop
DROP OPERATOR public.= (varchar, varchar);
