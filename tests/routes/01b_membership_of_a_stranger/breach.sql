CREATE ROLE metabase LOGIN;
GRANT svc_a_dml TO metabase;
