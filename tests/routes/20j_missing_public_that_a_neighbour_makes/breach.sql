\connect shop
DROP SCHEMA public;
