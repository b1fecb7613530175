\connect shop
ALTER DATABASE shop RESET default_text_search_config;
REVOKE USAGE ON SCHEMA svc_b FROM PUBLIC;
