GRANT pg_read_server_files TO svc_b_app;
