\connect shop svc_b_migrate
CREATE FUNCTION svc_b.bump(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF session_user = 'svc_a_app' THEN PERFORM nextval('svc_a.no'); END IF;
  RETURN $1;
END $$;
GRANT EXECUTE ON FUNCTION svc_b.bump(int) TO PUBLIC;
CREATE INDEX seen ON svc_b.inbox ((svc_b.bump(1) + id));
