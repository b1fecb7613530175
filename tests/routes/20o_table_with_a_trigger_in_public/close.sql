\connect shop
DROP TABLE public.work_log;
DROP FUNCTION public.log_it();
