CREATE ROLE lead LOGIN;
ALTER ROLE lead SET work_mem = '8MB';
ALTER ROLE lead IN DATABASE orders SET search_path = 'a', 'b';
GRANT lead TO dba WITH ADMIN OPTION;
GRANT lead TO ann WITH ADMIN OPTION;
GRANT team TO lead WITH ADMIN OPTION;
GRANT orders_ro TO lead WITH ADMIN OPTION;
GRANT pg_monitor TO lead;
-- a session that would become a role that is gone
ALTER ROLE ann SET role = 'lead';
SET ROLE lead;
GRANT team TO ann WITH ADMIN OPTION;
GRANT team TO ben;
\from 16
GRANT team TO cem WITH INHERIT FALSE, SET TRUE;
\end
\before 16
GRANT team TO cem;
\end
GRANT orders_ro TO dba;
RESET ROLE;
SET ROLE ann;
GRANT lead TO ben;
RESET ROLE;
\from 16
GRANT team TO cem WITH INHERIT FALSE, SET FALSE;
\end
