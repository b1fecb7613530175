\connect shop svc_b_migrate
CREATE SEQUENCE svc_b.no;
