\connect shop svc_b_migrate
CREATE OR REPLACE FUNCTION svc_b.trap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RETURN new;
END $$;
