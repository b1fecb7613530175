\connect shop
DROP AGGREGATE public.total(int);
