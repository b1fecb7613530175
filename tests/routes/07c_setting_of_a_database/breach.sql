ALTER DATABASE shop SET search_path = svc_b, pg_catalog;
