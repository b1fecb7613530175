\connect postgres
SELECT count(*)::text FROM pg_auth_members WHERE roleid = 'svc_a_ddl'::regrole AND member = 'svc_b_app'::regrole;
