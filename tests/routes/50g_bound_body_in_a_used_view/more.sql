\connect shop svc_a_migrate
CREATE SEQUENCE svc_a.no;
\connect shop svc_b_migrate
CREATE VIEW svc_b.items AS SELECT 1 AS n;
