\connect shop svc_a_migrate
CREATE TYPE svc_a.e AS ENUM ('a');
CREATE FUNCTION svc_a.as_json(svc_a.e) RETURNS json LANGUAGE plpgsql SECURITY DEFINER SET search_path = svc_a, pg_temp AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN '1';
END $$;
CREATE CAST (svc_a.e AS json) WITH FUNCTION svc_a.as_json(svc_a.e);
ALTER TABLE svc_a.work ADD e svc_a.e DEFAULT 'a';
INSERT INTO svc_a.work VALUES (1);
