\connect shop
CREATE ROLE stranger LOGIN;
CREATE FUNCTION legacy.f() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  UPDATE svc_a.t SET n = n + 1;
  RETURN 0;
END $$;
ALTER FUNCTION legacy.f() OWNER TO stranger;
CREATE VIEW legacy.items AS SELECT legacy.f();
ALTER VIEW legacy.items OWNER TO stranger;
GRANT SELECT ON legacy.items TO svc_a_app;
