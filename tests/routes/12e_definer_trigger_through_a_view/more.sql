\connect shop
CREATE SCHEMA notes;
CREATE TABLE notes.t (id int);
