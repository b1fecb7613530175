\connect shop svc_b_migrate
CREATE TABLE svc_b.invoices (id int PRIMARY KEY);
INSERT INTO svc_b.invoices VALUES (1);
\connect shop
CREATE SCHEMA notes;
CREATE TABLE notes.t (id int REFERENCES svc_b.invoices ON DELETE CASCADE);
INSERT INTO notes.t VALUES (1);
