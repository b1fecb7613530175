\connect shop
REVOKE USAGE ON FOREIGN SERVER home FROM svc_b_ddl;
DROP USER MAPPING FOR svc_b_ddl SERVER home;
