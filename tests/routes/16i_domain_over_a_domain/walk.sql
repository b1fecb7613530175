\connect shop svc_b_migrate
CREATE OR REPLACE FUNCTION svc_b.seen(int) RETURNS int LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN $1;
END $$;
ALTER DOMAIN svc_b.number DROP CONSTRAINT IF EXISTS seen;
ALTER DOMAIN svc_b.number ADD CONSTRAINT seen CHECK (svc_b.seen(VALUE) IS NOT NULL OR VALUE IS NULL) NOT VALID;

\connect shop svc_a_app
INSERT INTO svc_a.work (id, seen) VALUES (2, 2);
