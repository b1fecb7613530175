-- too many
GRANT orders_ddl TO guest, orders_app, billing_app;
GRANT orders_dml TO staff;
GRANT staff TO orders_bi;
GRANT orders_app TO guest;
GRANT pg_write_all_data, pg_read_all_data TO orders_app;
GRANT pg_execute_server_program TO orders_migrate;
-- ADMIN, and a chain of it
GRANT orders_dml TO orders_app WITH ADMIN OPTION;
GRANT orders_ro TO boss WITH ADMIN OPTION;
\connect postgres boss
GRANT orders_ro TO deputy WITH ADMIN OPTION;
\connect postgres deputy
GRANT orders_ro TO guest;
\connect postgres
\from 16
-- what inherits nothing can still SET ROLE, and the other way round
GRANT billing_dml TO billing_app WITH INHERIT FALSE, SET TRUE;
GRANT orders_ddl TO orders_migrate WITH SET FALSE;
SET ROLE boss;
GRANT orders_ro TO orders_bi;
RESET ROLE;
\end
\connect postgres
-- missing
REVOKE orders_ro FROM orders_bi;
