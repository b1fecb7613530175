\connect shop svc_b_migrate
CREATE OR REPLACE VIEW svc_b.seen AS SELECT id FROM svc_b.inbox WHERE id = 1;
DROP OPERATOR svc_b.=== (int, int);
DROP FUNCTION svc_b.bump(int, int);
