\connect orders
GRANT USAGE ON SCHEMA orders TO PUBLIC;
-- alice and bob may grant themselves, and are members of others who may
GRANT SELECT ON orders.jobs TO team, outsiders, alice, bob WITH GRANT OPTION;
SET ROLE alice;
GRANT SELECT ON orders.jobs TO u;
RESET ROLE;
SET ROLE bob;
GRANT SELECT ON orders.jobs TO u;
RESET ROLE;
GRANT team TO alice;
GRANT outsiders TO bob;
-- members of the owner, who granted before they were, or under another owner
GRANT SELECT ON orders.orders TO dba WITH GRANT OPTION;
SET ROLE dba;
GRANT SELECT ON orders.orders TO u;
RESET ROLE;
GRANT orders_ddl TO dba;
ALTER FUNCTION orders.f() OWNER TO alice;
GRANT EXECUTE ON FUNCTION orders.f() TO orders_migrate, orders_ddl WITH GRANT OPTION;
REVOKE orders_ddl FROM orders_migrate;
SET ROLE orders_migrate;
GRANT EXECUTE ON FUNCTION orders.f() TO orders_bi, orders_dml;
RESET ROLE;
SET ROLE orders_ddl;
GRANT EXECUTE ON FUNCTION orders.f() TO orders_bi;
RESET ROLE;
GRANT orders_ddl TO orders_migrate;
