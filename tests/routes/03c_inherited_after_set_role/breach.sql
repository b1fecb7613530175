\from 16
CREATE ROLE ops;
GRANT svc_a_dml TO ops WITH INHERIT TRUE, SET FALSE;
GRANT ops TO svc_b_app WITH INHERIT FALSE, SET TRUE;
\end
\before 16
CREATE ROLE ops;
GRANT ops TO svc_b_app;
\end
