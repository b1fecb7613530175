\connect shop svc_a_migrate
ALTER TABLE svc_a.t DETACH PARTITION svc_a.old;
