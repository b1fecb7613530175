\connect shop
CREATE FUNCTION reports.bump() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = svc_a, pg_temp
AS $$ UPDATE svc_a.t SET n = n + 1; $$;
ALTER FUNCTION reports.bump() OWNER TO reports;
