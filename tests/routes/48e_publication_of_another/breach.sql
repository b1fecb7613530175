\connect shop
CREATE PUBLICATION pb FOR TABLE svc_a.inbox WITH (publish = 'insert');
ALTER PUBLICATION pb OWNER TO svc_b_ddl;
