\connect shop svc_b_migrate
CREATE TEXT SEARCH CONFIGURATION svc_b.cfg (COPY = pg_catalog.english);
GRANT USAGE ON SCHEMA svc_b TO PUBLIC;
\connect shop
ALTER DATABASE shop SET default_text_search_config = 'svc_b.cfg';
