\connect shop svc_a_migrate
ALTER TABLE svc_a.lines ALTER id DROP DEFAULT;
