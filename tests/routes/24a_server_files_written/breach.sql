GRANT pg_write_server_files TO svc_b_app;
