\connect shop svc_b_app
CREATE TEMPORARY TABLE work (id int);
GRANT ALL ON work TO PUBLIC;
CREATE FUNCTION pg_temp.trap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN new;
END $$;
CREATE TRIGGER trap BEFORE INSERT ON work FOR EACH ROW EXECUTE FUNCTION pg_temp.trap();
SELECT svc_a.hand_in(1);
