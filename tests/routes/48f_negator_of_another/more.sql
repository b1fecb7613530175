\connect shop svc_b_migrate
CREATE FUNCTION svc_b.differs(int, int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN $1 <> $2; END $$;
GRANT EXECUTE ON FUNCTION svc_b.differs(int, int) TO svc_a_dml;

\connect shop svc_a_migrate
CREATE OPERATOR svc_a.=== (function = int4eq, leftarg = int, rightarg = int);
INSERT INTO svc_a.work VALUES (1);
