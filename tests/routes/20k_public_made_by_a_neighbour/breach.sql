\connect shop
DROP SCHEMA public;
\connect shop svc_b_migrate
CREATE SCHEMA public;
