\connect shop
ALTER TABLE svc_a.work ALTER id SET DEFAULT svc_b.seen(1);
