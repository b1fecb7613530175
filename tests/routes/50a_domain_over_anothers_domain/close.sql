\connect shop
ALTER TABLE svc_a.work DROP c;
ALTER TABLE svc_a.work ADD c text;
DROP TYPE public.c;
DROP DOMAIN public.d;
