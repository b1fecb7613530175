\connect shop
DROP USER MAPPING FOR svc_b_ddl SERVER home;
