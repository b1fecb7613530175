\connect shop
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
