\connect shop svc_b_migrate
DROP FUNCTION svc_b.bump CASCADE;
ALTER TABLE svc_b.inbox ADD twice int GENERATED ALWAYS AS (id * 2) STORED;
