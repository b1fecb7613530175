\connect shop
CREATE SCHEMA util;
\connect shop svc_b_migrate
CREATE FUNCTION svc_b.step(int, int) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  IF session_user = 'svc_a_app' THEN UPDATE svc_a.t SET n = n + 1; END IF;
  RETURN $1;
END $$;
\connect shop
CREATE AGGREGATE util.total(int) (sfunc = svc_b.step, stype = int, initcond = '0');
CREATE OR REPLACE VIEW svc_b.items AS SELECT util.total(1) AS n;
