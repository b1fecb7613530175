\connect shop svc_b_migrate
ALTER TABLE svc_b.inbox ALTER note SET DEFAULT session_user || now();
