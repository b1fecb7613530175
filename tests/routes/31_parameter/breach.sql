\from 15
GRANT SET ON PARAMETER session_replication_role TO svc_b_app;
\end
