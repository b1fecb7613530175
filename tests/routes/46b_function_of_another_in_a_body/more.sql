\connect shop svc_b_migrate
CREATE FUNCTION svc_b.seen(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN $1; END $$;
GRANT EXECUTE ON FUNCTION svc_b.seen(int) TO svc_a_dml;
