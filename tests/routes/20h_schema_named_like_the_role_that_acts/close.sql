\connect shop
DROP SCHEMA svc_a_ddl CASCADE;
