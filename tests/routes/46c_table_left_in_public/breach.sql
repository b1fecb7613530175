\connect shop
CREATE ROLE stranger LOGIN;
GRANT CONNECT ON DATABASE shop TO stranger;
CREATE TABLE public.audit_log (id int);
ALTER TABLE public.audit_log OWNER TO stranger;
GRANT INSERT ON public.audit_log TO PUBLIC;
CREATE SCHEMA str AUTHORIZATION stranger;
GRANT USAGE ON SCHEMA str TO PUBLIC;
GRANT USAGE ON SCHEMA public TO stranger;
