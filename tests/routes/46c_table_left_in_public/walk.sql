\connect shop stranger
CREATE OR REPLACE FUNCTION str.trap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER trap BEFORE INSERT ON public.audit_log FOR EACH ROW EXECUTE FUNCTION str.trap();

\connect shop svc_a_app
INSERT INTO audit_log VALUES (1);
