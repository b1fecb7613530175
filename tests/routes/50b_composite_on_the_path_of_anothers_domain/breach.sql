\connect shop svc_b_migrate
CREATE DOMAIN svc_b.bd AS int CHECK (query_to_xml('SELECT CASE WHEN session_user = ''svc_a_app'' THEN nextval(''svc_a.no'') END', true, true, '') IS NOT NULL);
\connect shop
CREATE TYPE public.pair AS (n svc_b.bd);
