\connect shop
CREATE RULE counting AS ON INSERT TO svc_b.outbox DO ALSO UPDATE svc_a.t SET n = n + 1;
