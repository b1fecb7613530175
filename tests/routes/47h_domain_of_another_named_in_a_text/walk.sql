\connect shop svc_b_migrate
CREATE OR REPLACE FUNCTION svc_b.fine(text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN UPDATE svc_a.t SET n = n + 1; RETURN true; END $$;
GRANT EXECUTE ON FUNCTION svc_b.fine(text) TO svc_a_dml;
\connect shop svc_a_app
INSERT INTO svc_a.forms VALUES ('x');
