\connect shop
ALTER TABLE svc_a.work ALTER id DROP DEFAULT;
