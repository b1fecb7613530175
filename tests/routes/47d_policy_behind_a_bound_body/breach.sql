\connect shop svc_a_migrate
CREATE FUNCTION svc_a.bump() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN UPDATE svc_a.t SET n = n + 1; RETURN true; END $$;
INSERT INTO svc_a.work VALUES (1);
ALTER TABLE svc_a.work ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON svc_a.work USING (svc_a.bump());
CREATE FUNCTION svc_a.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = svc_a, pg_temp
BEGIN ATOMIC SELECT count(*) FROM svc_a.work; END;
