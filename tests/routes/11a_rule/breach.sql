\connect shop svc_a_migrate
CREATE RULE counting AS ON INSERT TO svc_a.inbox DO ALSO UPDATE svc_a.t SET n = n + 1;
