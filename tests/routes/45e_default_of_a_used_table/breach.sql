\connect shop svc_b_migrate
ALTER TABLE svc_b.inbox ALTER note SET DEFAULT query_to_xml('select nextval(''svc_a.no'')', true, true, '');
