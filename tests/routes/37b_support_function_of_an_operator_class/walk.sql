\connect shop svc_b_app
CREATE TEMPORARY TABLE mine (p svc_a.pair);
INSERT INTO mine VALUES (ROW(1, 1)), (ROW(2, 2)), (ROW(3, 3));
CREATE INDEX ON mine (p svc_a.by_a);
