\from 16
GRANT svc_a_dml TO svc_b_app WITH INHERIT FALSE, SET FALSE;
\end
