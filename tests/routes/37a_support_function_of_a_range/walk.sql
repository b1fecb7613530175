\connect shop svc_b_app
CREATE TEMPORARY TABLE mine (at svc_a.span);
INSERT INTO mine SELECT ('[' || i || ',' || i + 1 || ')')::svc_a.span FROM generate_series(1, 1000) AS i;
CREATE INDEX ON mine USING gist (at);
