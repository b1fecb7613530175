\connect shop
GRANT svc_a_dml TO keeper WITH ADMIN OPTION;
CREATE FUNCTION keys.let_in(who text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ BEGIN EXECUTE format('GRANT svc_a_dml TO %I', who); END $$;
ALTER FUNCTION keys.let_in(text) OWNER TO keeper;
