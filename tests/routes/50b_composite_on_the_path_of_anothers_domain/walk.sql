\connect shop svc_a_app
SELECT ROW(1)::pair;
