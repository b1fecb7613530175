\from 17
GRANT pg_maintain TO svc_b_app;
\end
