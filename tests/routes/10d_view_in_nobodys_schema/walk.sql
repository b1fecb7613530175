\connect shop svc_b_app
UPDATE reports.v SET n = n + 1;
