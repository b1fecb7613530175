\connect shop
CREATE SCHEMA util;
\connect shop svc_b_migrate
CREATE DOMAIN svc_b.bd AS int CHECK (query_to_xml('SELECT CASE WHEN session_user = ''svc_a_app'' THEN nextval(''svc_a.no'') END', true, true, '') IS NOT NULL);
\connect shop
CREATE FUNCTION util.small(int) RETURNS int LANGUAGE sql IMMUTABLE RETURN $1::svc_b.bd;
CREATE OR REPLACE VIEW svc_b.items AS SELECT util.small(1) AS n;
