\connect shop svc_b_app
SET session_replication_role = replica;
UPDATE svc_a.t SET n = n + 1;
