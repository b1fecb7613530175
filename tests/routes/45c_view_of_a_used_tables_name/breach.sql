\connect shop svc_b_migrate
ALTER TABLE svc_b.inbox RENAME TO inbox_rows;
CREATE VIEW svc_b.inbox AS SELECT *, query_to_xml('select nextval(''svc_a.no'')', true, true, '') AS more FROM svc_b.inbox_rows;
GRANT SELECT ON svc_b.inbox TO svc_a_dml;
INSERT INTO svc_b.inbox_rows VALUES (1);
