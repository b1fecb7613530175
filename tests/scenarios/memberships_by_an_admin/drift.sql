GRANT orders_ro, orders_dml, orders_ddl TO dba WITH ADMIN OPTION;
REVOKE orders_ro FROM orders_bi;
REVOKE orders_dml FROM orders_app;
REVOKE orders_ddl FROM orders_migrate;
SET ROLE dba;
-- as good as ours, and stays
GRANT orders_dml TO orders_app;
GRANT orders_ddl TO orders_migrate;
\from 16
-- not quite
GRANT orders_ro TO orders_bi WITH ADMIN TRUE, INHERIT FALSE;
GRANT orders_ddl TO orders_migrate WITH SET FALSE;
\end
\before 16
GRANT orders_ro TO orders_bi WITH ADMIN OPTION;
\end
