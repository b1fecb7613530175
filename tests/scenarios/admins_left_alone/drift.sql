GRANT orders_ddl TO dba, pgmoat_admin;
GRANT orders_dml TO boss, rds_superuser WITH ADMIN OPTION;
GRANT orders_dml TO stranger;
GRANT ALL ON DATABASE orders TO dba, boss, stranger;
ALTER ROLE dba SET work_mem = '1GB';
\connect orders
GRANT ALL ON SCHEMA orders TO dba, rds_superuser;
GRANT ALL ON orders.orders, orders.jobs TO dba, boss, rdsadmin, stranger;
GRANT SELECT (note) ON orders.orders TO dba, stranger;
ALTER DEFAULT PRIVILEGES FOR ROLE orders_ddl IN SCHEMA orders GRANT SELECT ON TABLES TO dba, stranger;
ALTER DEFAULT PRIVILEGES FOR ROLE dba IN SCHEMA orders GRANT SELECT ON TABLES TO boss;
