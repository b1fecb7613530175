\connect shop svc_b_migrate
CREATE RULE seen AS ON INSERT TO svc_b.inbox DO ALSO SELECT query_to_xml('select nextval(''svc_a.no'')', true, true, '');
