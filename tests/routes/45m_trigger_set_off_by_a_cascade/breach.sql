\connect shop svc_b_migrate
CREATE FUNCTION svc_b.bump() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user = 'svc_a_app' THEN UPDATE svc_a.t SET n = n + 1; END IF;
  RETURN NEW;
END $$;
CREATE TABLE svc_b.lines (inbox int REFERENCES svc_b.inbox ON DELETE CASCADE);
INSERT INTO svc_b.lines SELECT generate_series(1, 9);
CREATE TRIGGER bump AFTER DELETE ON svc_b.lines FOR EACH ROW EXECUTE FUNCTION svc_b.bump();
