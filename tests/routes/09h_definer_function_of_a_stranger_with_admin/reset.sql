\connect shop
REVOKE svc_a_dml FROM svc_b_app;
REVOKE svc_a_dml FROM svc_b_app GRANTED BY keeper;
