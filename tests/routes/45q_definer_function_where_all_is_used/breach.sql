\connect shop svc_b_migrate
CREATE FUNCTION svc_b.empty() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ DELETE FROM svc_b.inbox $$;
