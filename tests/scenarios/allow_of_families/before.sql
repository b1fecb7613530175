-- roles that come and go, one that asks every database, and others with attributes that nobody else has
CREATE ROLE orders_dml;
CREATE ROLE "v-token-orders-x1" LOGIN IN ROLE orders_dml;
CREATE ROLE "v-token-orders-x2" LOGIN;
GRANT orders_dml TO "v-token-orders-x2" WITH ADMIN OPTION;
CREATE ROLE w_app LOGIN IN ROLE orders_dml;
CREATE ROLE monitor LOGIN;
CREATE ROLE orders_feed LOGIN REPLICATION;
CREATE ROLE "cdc-1" LOGIN REPLICATION BYPASSRLS;
CREATE ROLE dump LOGIN REPLICATION;
CREATE DATABASE orders;
