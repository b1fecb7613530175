\connect shop svc_a_ddl
UPDATE svc_a.t SET n = n + 1;
