\connect shop svc_b_migrate
CREATE OR REPLACE FUNCTION svc_b.trap() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user = 'postgres' THEN
    UPDATE svc_a.t SET n = n + 1;
  END IF;
END $$;

\connect shop
COMMENT ON TABLE svc_a.t IS 'the pearl';
