\connect shop
CREATE VIEW svc_a.v AS SELECT svc_b.seen(id) FROM svc_a.t;
ALTER VIEW svc_a.v OWNER TO svc_a_ddl;
GRANT SELECT ON svc_a.v TO svc_a_dml;
