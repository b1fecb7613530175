\connect shop
REVOKE USAGE ON SCHEMA parts FROM svc_b_app;
