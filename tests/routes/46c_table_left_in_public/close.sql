\connect shop
DROP TABLE public.audit_log;
REVOKE USAGE ON SCHEMA public FROM stranger;
