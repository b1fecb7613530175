\connect shop
CREATE DOMAIN svc_a.number AS svc_b.number;
ALTER DOMAIN svc_a.number OWNER TO svc_a_ddl;
ALTER TABLE svc_a.work ADD seen svc_a.number;
