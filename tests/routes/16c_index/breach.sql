\connect shop
CREATE INDEX seen ON svc_a.work (svc_b.seen(id));
