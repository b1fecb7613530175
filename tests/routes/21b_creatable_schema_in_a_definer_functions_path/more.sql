\connect shop
CREATE SCHEMA legacy;
GRANT USAGE ON SCHEMA legacy TO PUBLIC;

\connect shop svc_a_migrate
CREATE FUNCTION svc_a.hand_in(int) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = legacy, svc_a, pg_temp
AS $$ INSERT INTO work VALUES ($1); $$;
GRANT EXECUTE ON FUNCTION svc_a.hand_in(int) TO svc_b_dml;
GRANT USAGE ON SCHEMA svc_a TO svc_b_dml;
