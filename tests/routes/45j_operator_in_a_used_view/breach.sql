\connect shop svc_b_migrate
CREATE FUNCTION svc_b.bump(int, int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN UPDATE svc_a.t SET n = n + 1; RETURN true; END $$;
GRANT EXECUTE ON FUNCTION svc_b.bump(int, int) TO PUBLIC;
CREATE OPERATOR svc_b.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = svc_b.bump);
CREATE OR REPLACE VIEW svc_b.seen AS SELECT id FROM svc_b.inbox WHERE id OPERATOR(svc_b.===) 1;
