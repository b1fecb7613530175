\connect shop
GRANT USAGE ON SCHEMA svc_a TO svc_b_ddl;
GRANT REFERENCES ON svc_a.t TO svc_b_ddl;
\connect shop svc_b_migrate
CREATE TYPE svc_b.n AS (v int);
CREATE FUNCTION svc_b.cast_it(svc_b.n) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO svc_a.t VALUES (2, 0, 'planted') ON CONFLICT DO NOTHING;
  RETURN ($1).v;
END $$;
CREATE CAST (svc_b.n AS int) WITH FUNCTION svc_b.cast_it(svc_b.n) AS IMPLICIT;
CREATE TABLE svc_b.key (i svc_b.n REFERENCES svc_a.t (id));
GRANT EXECUTE ON FUNCTION svc_b.cast_it(svc_b.n) TO svc_a_ddl;
\connect shop
REVOKE REFERENCES ON svc_a.t FROM svc_b_ddl;
REVOKE USAGE ON SCHEMA svc_a FROM svc_b_ddl;
