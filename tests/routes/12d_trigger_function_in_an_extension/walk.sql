\connect shop svc_b_migrate
CREATE OR REPLACE FUNCTION svc_b.trap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN new;
END $$;

\connect shop svc_a_app
INSERT INTO svc_a.work VALUES (1);
