\connect shop
CREATE SCHEMA tools;
GRANT USAGE ON SCHEMA tools TO svc_b_dml;
CREATE FUNCTION tools.tell(varchar) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = tools, svc_b AS $$
BEGIN
  RETURN lower($1);
END $$;
REVOKE EXECUTE ON FUNCTION tools.tell(varchar) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tools.tell(varchar) TO svc_b_dml;
