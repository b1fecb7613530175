\connect postgres
DROP FUNCTION public.lower(varchar);
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
