\connect svc_a svc_b_app
SELECT prosrc FROM pg_proc;
