\connect shop
ALTER TABLE svc_a.work DROP p;
ALTER TABLE svc_a.work ADD p int;
