\from 16
GRANT postgres TO svc_b_app WITH INHERIT TRUE, SET FALSE;
\end
