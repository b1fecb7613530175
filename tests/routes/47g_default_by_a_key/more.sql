\connect shop svc_a_migrate
CREATE TABLE svc_a.orders (id int PRIMARY KEY);
INSERT INTO svc_a.orders SELECT generate_series(1, 9);
CREATE TABLE svc_a.lines (id int  REFERENCES svc_a.orders ON DELETE SET DEFAULT);
INSERT INTO svc_a.lines SELECT generate_series(1, 9);
