\connect shop svc_b_migrate
DROP TABLE information_schema.sql_parts;
CREATE FUNCTION information_schema.f() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN 0;
END $$;
GRANT EXECUTE ON FUNCTION information_schema.f() TO PUBLIC;
CREATE VIEW information_schema.sql_parts AS SELECT information_schema.f();
GRANT SELECT ON information_schema.sql_parts TO PUBLIC;

\connect shop svc_a_app
SELECT * FROM information_schema.sql_parts;
