\connect shop metabase
UPDATE svc_a.t SET n = n + 1;
