\connect shop
DROP TABLE public.audit_log;
REVOKE CONNECT ON DATABASE shop FROM stranger;
GRANT CONNECT ON DATABASE shop TO stranger;
