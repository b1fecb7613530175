\connect shop
ALTER TABLE svc_a.t INHERIT svc_b.parent;
