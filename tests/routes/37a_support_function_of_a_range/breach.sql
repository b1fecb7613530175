\connect shop svc_a_migrate
CREATE FUNCTION svc_a.distance(float8, float8) RETURNS float8 LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER SET search_path = svc_a, pg_temp AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN $1 - $2;
END $$;
CREATE TYPE svc_a.span AS RANGE (subtype = float8, subtype_diff = svc_a.distance);
-- a range type takes it only as long as it says so
ALTER FUNCTION svc_a.distance(float8, float8) VOLATILE;
