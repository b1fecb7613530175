\connect shop svc_a_migrate
CREATE RULE bump AS ON INSERT TO svc_a.work DO ALSO UPDATE svc_a.t SET n = n + 1;
