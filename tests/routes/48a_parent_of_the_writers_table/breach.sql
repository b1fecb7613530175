\connect shop svc_a_migrate
ALTER TABLE svc_a.t INHERIT svc_a.base;
