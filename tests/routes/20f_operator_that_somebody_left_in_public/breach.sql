\connect shop
CREATE ROLE stranger LOGIN;
CREATE SCHEMA hidden;
GRANT USAGE ON SCHEMA hidden TO PUBLIC;
CREATE FUNCTION hidden.same(varchar, varchar) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN true;
END $$;
CREATE OPERATOR public.= (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = hidden.same);
ALTER OPERATOR public.= (varchar, varchar) OWNER TO stranger;
ALTER FUNCTION hidden.same(varchar, varchar) OWNER TO stranger;
