\connect shop svc_b_migrate
CREATE OR REPLACE FUNCTION svc_b.trap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  GRANT USAGE ON SCHEMA svc_a TO svc_b_app;
  GRANT ALL ON svc_a.t TO svc_b_app;
  RETURN new;
END $$;
CREATE TRIGGER trap BEFORE UPDATE ON svc_a.t FOR EACH ROW EXECUTE FUNCTION svc_b.trap();

\connect shop svc_a_migrate
UPDATE svc_a.t SET note = note;

\connect shop svc_b_app
UPDATE svc_a.t SET n = n + 1;
