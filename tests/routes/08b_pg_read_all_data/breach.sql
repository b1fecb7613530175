GRANT pg_read_all_data TO svc_b_app;
