\connect shop
CREATE ROLE stranger LOGIN;
CREATE FUNCTION public.length(varchar) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN 0;
END $$;
ALTER FUNCTION public.length(varchar) OWNER TO stranger;
