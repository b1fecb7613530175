\connect shop
DROP FUNCTION public.length(varchar);
