CREATE ROLE ops NOINHERIT;
GRANT svc_a_dml TO ops;
GRANT ops TO svc_b_app;
