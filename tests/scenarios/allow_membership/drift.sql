GRANT CONNECT ON DATABASE orders TO PUBLIC;
\before 16
GRANT orders_dml TO alice WITH ADMIN OPTION;
GRANT orders_ro TO bob WITH ADMIN OPTION;
SET ROLE bob;
GRANT orders_ro TO carol;
\end
\from 16
GRANT orders_dml TO alice WITH INHERIT FALSE, SET TRUE, ADMIN TRUE;
GRANT orders_ro TO bob WITH ADMIN OPTION;
SET ROLE bob;
GRANT orders_ro TO carol WITH INHERIT TRUE, SET FALSE;
\end
RESET ROLE;
GRANT billing_dml TO alice;
