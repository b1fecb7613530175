\connect shop svc_b_migrate
CREATE FUNCTION svc_b.step(int, int) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN $1;
END $$;
\connect shop
CREATE AGGREGATE public.total(int) (sfunc = svc_b.step, stype = int, initcond = '0');
