\connect shop
REVOKE SELECT, UPDATE ON reports.v FROM svc_b_dml;
