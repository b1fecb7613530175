\connect shop svc_b_migrate
CREATE FUNCTION svc_a_app.length(varchar) RETURNS int LANGUAGE plpgsql
AS $$ BEGIN UPDATE svc_a.t SET n = n + 1; RETURN 1; END $$;
GRANT EXECUTE ON FUNCTION svc_a_app.length(varchar) TO svc_a_app;
GRANT USAGE ON SCHEMA svc_a_app TO svc_a_app;
