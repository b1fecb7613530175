\connect shop
DROP TYPE public.pair;
