\connect shop
DROP FUNCTION public.small(int);
