\from 16
GRANT svc_a_dml TO svc_b_app WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;
\end
