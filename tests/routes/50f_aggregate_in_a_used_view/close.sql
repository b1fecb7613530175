\connect shop
CREATE OR REPLACE VIEW svc_b.items AS SELECT 1 AS n;
DROP AGGREGATE util.total(int);
