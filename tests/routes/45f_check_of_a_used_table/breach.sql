\connect shop svc_b_migrate
ALTER TABLE svc_b.inbox ADD CONSTRAINT seen CHECK (query_to_xml('select nextval(''svc_a.no'')', true, true, '') IS NOT NULL);
