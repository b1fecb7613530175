\connect shop
DROP EXTENSION citext;
