\connect shop
DROP USER MAPPING IF EXISTS FOR svc_b_ddl SERVER home;
