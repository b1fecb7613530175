\connect shop svc_b_migrate
CREATE TABLE svc_b.inbox (id int, note text) PARTITION BY RANGE (id);
CREATE TABLE svc_b.part PARTITION OF svc_b.inbox FOR VALUES FROM (0) TO (10);
