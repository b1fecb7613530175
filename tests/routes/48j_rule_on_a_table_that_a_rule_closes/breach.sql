\connect shop svc_a_migrate
CREATE RULE counts AS ON INSERT TO svc_a.queue DO ALSO UPDATE svc_a.t SET n = n + 1;
