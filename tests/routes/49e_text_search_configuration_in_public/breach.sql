\connect shop
GRANT CREATE ON SCHEMA public TO svc_b_ddl;
\connect shop svc_b_migrate
CREATE TEXT SEARCH CONFIGURATION public.cfg (COPY = pg_catalog.english);
\connect shop
REVOKE CREATE ON SCHEMA public FROM svc_b_ddl;
ALTER DATABASE shop SET default_text_search_config = 'public.cfg';
