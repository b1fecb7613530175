\connect shop
ALTER TABLE svc_a.work DROP p;
DROP TYPE public.pair;
