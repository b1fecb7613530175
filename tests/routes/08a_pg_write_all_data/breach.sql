GRANT pg_write_all_data TO svc_b_app;
