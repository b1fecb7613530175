\connect shop svc_b_app
CREATE TABLE IF NOT EXISTS legacy.work (id int);
GRANT ALL ON legacy.work TO PUBLIC;
CREATE OR REPLACE FUNCTION legacy.trap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN new;
END $$;
CREATE OR REPLACE TRIGGER trap BEFORE INSERT ON legacy.work FOR EACH ROW EXECUTE FUNCTION legacy.trap();
SELECT svc_a.hand_in(1);
