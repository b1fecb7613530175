\connect shop
CREATE ROLE metabase LOGIN IN ROLE svc_a_dml;
