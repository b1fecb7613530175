\connect shop svc_a_migrate
ALTER TABLE svc_a.all_t ATTACH PARTITION svc_a.t FOR VALUES FROM (0) TO (10);
