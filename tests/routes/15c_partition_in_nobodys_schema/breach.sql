\connect shop
CREATE TABLE parts.t2 PARTITION OF svc_a.t FOR VALUES FROM (20) TO (30);
INSERT INTO svc_a.t VALUES (20, 0, 'secret');
ALTER TABLE parts.t2 OWNER TO svc_a_ddl;
GRANT USAGE ON SCHEMA parts TO svc_b_app;
GRANT SELECT, UPDATE ON parts.t2 TO svc_b_app;
