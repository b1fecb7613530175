\connect shop svc_a_migrate
ALTER TABLE svc_a.forms ADD CONSTRAINT known CHECK (domain_in(x::cstring, kind::regtype::oid, -1) IS NOT NULL);
