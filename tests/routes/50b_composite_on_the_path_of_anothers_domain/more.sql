\connect shop svc_a_migrate
CREATE SEQUENCE svc_a.no;
