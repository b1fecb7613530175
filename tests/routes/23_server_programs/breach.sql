GRANT pg_execute_server_program TO svc_b_app;
