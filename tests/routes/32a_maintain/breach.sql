\from 17
\connect shop
GRANT USAGE ON SCHEMA svc_a TO svc_b_app;
GRANT MAINTAIN ON svc_a.t TO svc_b_app;
\end
