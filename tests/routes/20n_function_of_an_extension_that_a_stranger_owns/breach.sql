\connect shop
CREATE ROLE stranger LOGIN;
GRANT CONNECT, CREATE ON DATABASE shop TO stranger;
GRANT USAGE ON SCHEMA public TO stranger;
\connect shop stranger
CREATE SCHEMA stranger;
CREATE EXTENSION citext SCHEMA stranger;
\connect shop
CREATE FUNCTION public.length(varchar) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN 0;
END $$;
ALTER FUNCTION public.length(varchar) OWNER TO stranger;
\connect shop stranger
ALTER EXTENSION citext ADD FUNCTION public.length(varchar);
